import type { Admin } from "./admin.ts";

export interface Project {
  readonly id: string;
  readonly name: string;
}

export function projects(admin: Admin): AsyncIterable<Project> {
  return admin.list<Project>("/projects");
}

/**
 * The active project with this id, or else with this name.
 * @throws TypeError when there is none, or there are several
 */
export async function findProject(admin: Admin, named: string): Promise<Project> {
  const found: Project[] = [];
  for await (const project of projects(admin)) {
    if (project.id === named) return project;
    if (project.name === named) found.push(project);
  }
  const [project, another] = found;
  if (!project) throw new TypeError(`there is no active project with the id or name "${named}"`);
  if (another) {
    const ids = found.map(({ id }) => id).join(", ");
    throw new TypeError(`${found.length} projects are called "${named}": name one by its id (${ids})`);
  }
  return project;
}
