/** A plan's code as a program has it: the import first, which the planner writes as a comment behind. */
export function programLines(code: string): string[] {
  const [statement = "", needs] = code.split(" // ");
  return needs === undefined ? [statement] : [`${needs};`, statement];
}
