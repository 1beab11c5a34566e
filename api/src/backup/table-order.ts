/** A table and those that its foreign keys name. */
export interface TableNode {
  readonly name: string;
  readonly refersTo: readonly string[];
}

/**
 * The tables in an order in which each comes after those that it refers to; by name where that leaves a choice.
 * @throws Error where they refer to each other in a circle
 */
export function inOrderOfReference<T extends TableNode>(tables: readonly T[]): T[] {
  const names = new Set(tables.map(({ name }) => name));
  const waiting = tables.toSorted((a, b) => a.name.localeCompare(b.name));
  const placed = new Set<string>();
  const ordered: T[] = [];
  while (waiting.length > 0) {
    const next = waiting.findIndex(({ name, refersTo }) =>
      refersTo.every((other) => other === name || !names.has(other) || placed.has(other)),
    );
    const [table] = next < 0 ? [] : waiting.splice(next, 1);
    if (table === undefined)
      throw new Error(`${waiting.map(({ name }) => name).join(', ')} refer in a circle`);
    placed.add(table.name);
    ordered.push(table);
  }
  return ordered;
}
