import type { Principal } from "../access/principal.ts";
import type { Awaitable } from "../awaitable.ts";
import { projectArchived } from "../errors/access.ts";
import { createProjectLimits, type ProjectLimits } from "../limits/project-limits.ts";
import type { RetentionType } from "../retention/retention-type.ts";
import type { Store } from "../store/store.ts";
import { createLookUps } from "./look-ups.ts";
import { createModelAccess, type ModelAccess } from "./model-access.ts";
import { findOrganization, organizationData } from "./organization.ts";
import { projectKey } from "./projects.ts";
import { createRecent } from "./recent.ts";
import type { ProjectData } from "./records.ts";

/** What calls need to know of their project, and of their organization where that is all they have. */
export interface AdmittedProject {
  /** Null for all models. */
  readonly models: ModelAccess | null;
  /** Null where it has none of its own. */
  readonly limits: ProjectLimits | null;
  /** Null where neither its admins nor its organization's have said anything. */
  readonly retention: RetentionType | "none" | null;
}

interface ProjectState extends AdmittedProject {
  readonly organization: string;
  /** Undefined for callers of an organization without one. */
  readonly project: string | undefined;
  readonly archived: boolean;
}

export interface ProjectStates {
  /**
   * What a caller's project may do: null for a caller without an organization, and for an admin. A project that is none of the platform's is the host's own affair.
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
      const [organization, project] = JSON.parse(place) as [string, string?];
      const state = await readProject(store, organization, project);
      if (before === forgotten) states.set(nameOf(organization, project), state);
      return state;
    },
    { concurrency: CONCURRENCY, waiting: WAITING },
  );

  return {
    admit({ organization, project, admin }) {
      if (organization === undefined || admin === true) return null;
      const known = states.get(nameOf(organization, project));
      // A host may name its organizations and projects as it likes: two places may have one name.
      if (known?.organization === organization && known.project === project) return admitted(known);
      return lookUp(JSON.stringify(project === undefined ? [organization] : [organization, project])).then(admitted);
    },
    forget(ids) {
      forgotten += 1;
      if (ids === null) states.clear();
      else
        states.forget(
          ({ organization, project }) => ids.has(organization) || (project !== undefined && ids.has(project)),
        );
    },
  };
}

function nameOf(organization: string, project = ""): string {
  return `${organization}/${project}`;
}

function admitted(state: ProjectState): AdmittedProject {
  if (state.archived) throw projectArchived(state.project ?? "");
  return state;
}

async function readProject(store: Store, organization: string, project: string | undefined): Promise<ProjectState> {
  const [ofOrganization, data] = await Promise.all([
    findOrganization(store, organization),
    project === undefined ? undefined : readData(store, organization, project),
  ]);
  const own = data?.retention ?? "organization_default";
  return {
    organization,
    project,
    archived: data !== undefined && data.archivedAt !== null,
    models: project !== undefined && data?.models ? createModelAccess(project, data.models) : null,
    limits: data?.limits ? createProjectLimits(data.limits) : null,
    retention: own === "organization_default" ? (organizationData(ofOrganization).retention ?? null) : own,
  };
}

async function readData(store: Store, organization: string, project: string): Promise<ProjectData | undefined> {
  return (await store.get(projectKey(organization, project)))?.data as ProjectData | undefined;
}
