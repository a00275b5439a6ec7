import { unixSeconds } from "../ids.ts";
import { planAcceptance } from "./invites.ts";
import { newKey } from "./new-key.ts";
import { refuseTooManyKeys } from "./owned-keys.ts";
import type { Platform } from "./platform.ts";
import { findActiveProject } from "./projects.ts";
import { findMember, memberKey } from "./users.ts";

/** What a host's own pages do for the people of its organizations; the admin API has no operation for it. */
export interface HostPlatform {
  /**
   * Makes a user of who was invited, in the projects of the invite: to be called when they have signed in with the invited address, which
   * the host sees to.
   * @throws ApiError 404 when there is no such invite, 400 when it has been accepted, has expired, or its address is a user's already
   */
  acceptInvite(options: {
    /** The invite's id. */
    invite: string;
    /** What they are called, 1 to 256 characters. */
    name: string;
    /** Default: the platform's own. */
    organization?: string;
  }): Promise<{ readonly user: string }>;
  /**
   * Makes a key of a user's own for a project that they are a member of. It opens nothing any more when they leave the project or the organization.
   * @throws ApiError 404 when there is no such project or member, 400 when the project is archived or the user has 100 keys in it
   */
  createKey(options: {
    /** The user's id. */
    user: string;
    /** The project's id. */
    project: string;
    /** What the key is called, 1 to 256 characters. */
    name: string;
    /** Seconds that it is good for. Default: for ever. */
    expiresInSeconds?: number;
    /** Default: the platform's own. */
    organization?: string;
  }): Promise<IssuedKey>;
}

export interface IssuedKey {
  readonly id: string;
  /** The secret: told this once. */
  readonly value: string;
  /** Unix seconds; null for never. */
  readonly expiresAt: number | null;
}

export function createHostPlatform({ store, commit, defaults }: Platform): HostPlatform {
  const ownOrganization = async () => (await defaults()).organization;

  return {
    async acceptInvite({ invite, name, organization: named }) {
      const organization = named ?? (await ownOrganization());
      const actor = { id: "host", organization };
      checkName(name);
      return { user: await commit(organization, actor, () => planAcceptance(store, organization, { invite, name })) };
    },
    async createKey({ user, project: projectId, name, expiresInSeconds = null, organization: named }) {
      const organization = named ?? (await ownOrganization());
      checkName(name);
      const { id, data, value } = await commit(organization, { id: user, user }, async () => {
        const project = await findActiveProject(store, organization, projectId);
        const member = await findMember(store, organization, project.id, user);
        await refuseTooManyKeys(store, { organization, project: project.id }, user);
        const place = { organization, project: { id: project.id, name: project.data.name } };
        const owner = { type: "user", id: user } as const;
        const key = await newKey(place, { name, owner, expiresInSeconds, createdAt: unixSeconds() });
        // The member as they are, written again: a key of one who leaves meanwhile would be nobody's.
        const held = { replace: { ...memberKey(organization, project.id, user), version: member.version } };
        return { changes: [held, ...key.changes], events: [key.event], result: key };
      });
      return { id, value, expiresAt: data.expiresAt };
    },
  };
}

const MOST_CHARACTERS = 256;

function checkName(name: string): void {
  if (name.length > 0 && name.length <= MOST_CHARACTERS) return;
  throw new TypeError(`a name has 1 to ${MOST_CHARACTERS} characters`);
}
