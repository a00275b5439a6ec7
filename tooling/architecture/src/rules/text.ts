import type { Rule } from "../rule.ts";

/** This folder spells out what it looks for. */
const ITSELF = "tooling/architecture/src/";

/** A rule on the lines of every written text file. */
function noLine(name: string, pattern: RegExp, what: (match: string) => string, only: RegExp = /^/): Rule {
  return {
    name,
    check: ({ files, text }) =>
      files
        .filter((path) => only.test(path) && !path.startsWith(ITSELF))
        .flatMap((path) =>
          (text(path) ?? "").split("\n").flatMap((line, index) => {
            const match = pattern.exec(line);
            return match ? [{ where: `${path}:${index + 1}`, what: what(match[0]) }] : [];
          }),
        ),
  };
}

export const nothingIsPromised = noLine(
  "no mark of unfinished work",
  /\b(TODO|FIXME|XXX)\b|\b[Cc]oming soon\b|\bnot (yet )?implemented\b/,
  (match) => `"${match}": finish it, or leave it out`,
);

export const noMachinePaths = noLine(
  "no file names a folder of somebody's machine",
  /(?<![\w.~*}-])\/(work|root|tmp\/bash\w*|home\/[a-z]\w*|Users\/[A-Z]?\w+)\//,
  (match) => `${match} is a folder of one machine`,
);

export const noRegistryHosts = noLine(
  "no file names a package registry's host",
  /\bregistry\.(npmjs|yarnpkg|npmmirror)\.(org|com)\b/,
  (match) => `${match}: the registry is the reader's to choose`,
);

export const lockfileHasNoUrls = noLine(
  "the lockfile has no URL, so it installs from any registry",
  /https?:\/\/\S+|\btarball:/,
  (match) => `${match} ties the lockfile to one registry`,
  /^pnpm-lock\.yaml$/,
);

/** What `changeset` reads: the packages between two lines of dashes, with nothing in front of them. */
const CHANGESET = /^---\n(?:"[\w@/.-]+": (?:patch|minor|major)\n)*---\n/;

export const changesetsCanBeRead: Rule = {
  name: "every changeset begins with its packages, or no release can be made",
  check: ({ files, text }) =>
    files
      .filter((path) => /^\.changeset\/[^/]+\.md$/.test(path) && !CHANGESET.test(text(path) ?? ""))
      .map((path) => ({ where: path, what: "its front matter cannot be read" })),
};
