/** Which files of a split module are needed for one of them. */

export interface Manifest {
  /** The file that is evaluated first. */
  readonly entry: string;
  readonly files: Readonly<Record<string, { readonly hash: string; readonly imports: readonly string[] }>>;
}

/** What `name` needs beside what is `there`, itself included: each file behind those that it imports. */
export function wave({ files }: Manifest, name: string, there: ReadonlySet<string>): string[] {
  const seen = new Set(there);
  const order: string[] = [];
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    const entry = Object.hasOwn(files, file) ? files[file] : undefined;
    if (!entry) throw new Error("there is no such file");
    for (const imported of entry.imports) visit(imported);
    order.push(file);
  };
  visit(name);
  return order;
}
