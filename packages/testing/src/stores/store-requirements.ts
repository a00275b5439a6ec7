import { claimRequirements } from "./requirements/claims.ts";
import { documentRequirements } from "./requirements/documents.ts";
import { expiryRequirements } from "./requirements/expiry.ts";
import { listRequirements } from "./requirements/lists.ts";
import { modelRequirements } from "./requirements/model.ts";
import { parentRequirements } from "./requirements/parents.ts";
import { sharingRequirements } from "./requirements/sharing.ts";
import { writeRequirements } from "./requirements/writes.ts";
import type { StoreRequirement } from "./store-requirement.ts";

/** Everything that core counts on in a store, topic by topic. */
export const storeRequirements: readonly StoreRequirement[] = [
  ...documentRequirements,
  ...writeRequirements,
  ...parentRequirements,
  ...listRequirements,
  ...claimRequirements,
  ...expiryRequirements,
  ...sharingRequirements,
  ...modelRequirements,
];
