import type { Principal } from "../access/principal.ts";
import type { Awaitable } from "../awaitable.ts";
import { projectArchived } from "../errors/access.ts";
import { createProjectLimits, type ProjectLimits } from "../limits/project-limits.ts";
import type { Store } from "../store/store.ts";
import { createLookUps } from "./look-ups.ts";
import { createModelAccess, type ModelAccess } from "./model-access.ts";
import { createRecent } from "./recent.ts";
import { organizationOwner, PROJECTS, type ProjectData } from "./records.ts";

/** What calls need to know of their project. */
export interface AdmittedProject {
  /** Null for all models. */
  readonly models: ModelAccess | null;
  /** Null where it has none of its own. */
  readonly limits: ProjectLimits | null;
}

interface ProjectState extends AdmittedProject {
  readonly organization: string;
  readonly project: string;
  readonly archived: boolean;
}

export interface ProjectStates {
  /**
   * What a caller's project may do: null for a caller without one. A project that is none of the platform's is the host's own affair.
   * @throws ApiError 401 when its project was archived
   */
  admit(principal: Principal): Awaitable<AdmittedProject | null>;
  forget(ids: ReadonlySet<string> | null): void;
}

const MOST = 10_000;
const CONCURRENCY = 16;
const WAITING = 1_000;

/** The state of the projects in use, known in memory as their keys are. */
export function createProjectStates(store: Store): ProjectStates {
  const states = createRecent<ProjectState>(MOST);
  let forgotten = 0;

  const lookUp = createLookUps(
    async (place) => {
      const before = forgotten;
      const [organization, project] = JSON.parse(place) as [string, string];
      const state = await readProject(store, organization, project);
      if (before === forgotten) states.set(nameOf(organization, project), state);
      return state;
    },
    { concurrency: CONCURRENCY, waiting: WAITING },
  );

  return {
    admit({ organization, project }) {
      if (organization === undefined || project === undefined) return null;
      const known = states.get(nameOf(organization, project));
      // A host may name its organizations and projects as it likes: two places may have one name.
      if (known?.organization === organization && known.project === project) return admitted(known);
      return lookUp(JSON.stringify([organization, project])).then(admitted);
    },
    forget(ids) {
      forgotten += 1;
      if (ids === null) states.clear();
      else states.forget(({ project }) => ids.has(project));
    },
  };
}

function nameOf(organization: string, project: string): string {
  return `${organization}/${project}`;
}

function admitted(state: ProjectState): AdmittedProject {
  if (state.archived) throw projectArchived(state.project);
  return state;
}

async function readProject(store: Store, organization: string, project: string): Promise<ProjectState> {
  const record = await store.get({ collection: PROJECTS, owner: organizationOwner(organization), id: project });
  const data = record?.data as ProjectData | undefined;
  return {
    organization,
    project,
    archived: data !== undefined && data.archivedAt !== null,
    models: data?.models ? createModelAccess(project, data.models) : null,
    limits: data?.limits ? createProjectLimits(data.limits) : null,
  };
}
