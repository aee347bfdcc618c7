/** What a table says by a name from anywhere: nothing by the names that every object has, like `constructor`. */
export function own<T extends object>(table: T, name: PropertyKey): T[keyof T] | undefined {
  return Object.hasOwn(table, name) ? table[name as keyof T] : undefined;
}
