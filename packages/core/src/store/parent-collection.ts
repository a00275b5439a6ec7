/**
 * The collection that the parents of a collection's records are in: `conversation` for `conversation.item`.
 * @throws TypeError when the name has no such part
 */
export function parentCollection(collection: string): string {
  const end = collection.lastIndexOf(".");
  if (end <= 0) throw new TypeError(`Records of "${collection}" cannot have a parent: its name has no dot.`);
  return collection.slice(0, end);
}
