import type { Result } from "@outlet/testing";

/** A result as it travels from a test to the reporter: in words alone. */
export type Row = Omit<Result, "requirement" | "error"> & {
  requirement: Pick<Result["requirement"], "id" | "title" | "reference">;
  error?: string;
};

declare module "vitest" {
  interface TaskMeta {
    row?: Row;
  }
}

export function row({ requirement, error, ...rest }: Result): Row {
  const { id, title, reference } = requirement;
  return { ...rest, requirement: { id, title, reference }, ...(rest.outcome === "failed" && { error: String(error) }) };
}
