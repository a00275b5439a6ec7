import { newId, unixSeconds } from "../ids.ts";
import type { Change, Store } from "../store/store.ts";
import { newProject } from "./projects.ts";
import { DEFAULT_KEY, type DefaultData, REVISION_KEY } from "./records.ts";
import { firstRevision } from "./revisions.ts";

/** The organization that a platform begins with, and its project; made when there is none, by one of the processes that look. */
export async function defaultOrganization(store: Store): Promise<DefaultData> {
  for (;;) {
    const found = await store.get(DEFAULT_KEY);
    if (found) return found.data as DefaultData;
    const organization = newId("org-");
    const createdAt = unixSeconds();
    const project = newProject(organization, { name: "Default project", createdAt });
    const data: DefaultData = { organization, project: project.id };
    const changes: Change[] = [{ insert: { ...DEFAULT_KEY, createdAt, data } }, project.change];
    if (!(await store.get(REVISION_KEY))) changes.push(firstRevision);
    await store.write(changes);
  }
}
