/** Where a target listens, and what it stands in front of. */
export const port = Number(process.env.PORT);
export const upstreamOrigin = process.env.UPSTREAM ?? "";
