import { expect, it } from "vitest";
import { groupCommit } from "./group-commit.ts";

it("commits what comes together as one group, in order, and what comes meanwhile as the next", async () => {
  const groups: number[][] = [];
  const { promise, resolve: letGo } = Promise.withResolvers<void>();
  const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
  const group = groupCommit<number, number>(
    async (works) => {
      groups.push([...works]);
      begin();
      if (groups.length === 1) await promise;
      return works.map((work) => work * 10);
    },
    () => false,
  );
  const first = [group.add(1), group.add(2)];
  await begun;
  const later = [group.add(3), group.add(4)];
  letGo();
  expect(await Promise.all([...first, ...later])).toEqual([10, 20, 30, 40]);
  expect(groups).toEqual([
    [1, 2],
    [3, 4],
  ]);
});

it("fails the one that is to blame alone, and all when nobody is", async () => {
  const failing = (message: string) =>
    groupCommit<number, number>(
      async (works) => {
        if (works.includes(2)) throw new Error(message);
        return [...works];
      },
      (error) => (error as Error).message === "bad value",
    );
  const outcomes = async (message: string) => {
    const group = failing(message);
    const settled = await Promise.allSettled([group.add(1), group.add(2), group.add(3)]);
    await group.drained();
    return settled.map(({ status }) => status);
  };
  expect(await outcomes("bad value")).toEqual(["fulfilled", "rejected", "fulfilled"]);
  expect(await outcomes("no database")).toEqual(["rejected", "rejected", "rejected"]);
});

it("gathers as long as each turn of the event loop brings more, and keeps nobody waiting who comes alone", async () => {
  const groups: number[][] = [];
  const group = groupCommit<number, number>(
    async (works) => {
      groups.push([...works]);
      return [...works];
    },
    () => false,
  );
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await group.add(0);
  expect(groups).toEqual([[0]]);
  const waiting: Promise<number>[] = [];
  for (let work = 1; work <= 5; work += 1) {
    const next = turn();
    waiting.push(group.add(work));
    await next;
  }
  await Promise.all(waiting);
  expect(groups).toEqual([[0], [1, 2, 3, 4, 5]]);
});

it("does not gather for ever: so many make a group", async () => {
  const groups: number[] = [];
  const group = groupCommit<number, number>(
    async (works) => {
      groups.push(works.length);
      return [...works];
    },
    () => false,
  );
  await Promise.all(Array.from({ length: 600 }, (_, work) => group.add(work)));
  expect(groups).toEqual([256, 256, 88]);
});
