const grammar = /^[a-z0-9](-?[a-z0-9])*$/;

/** What a name in a subject must look like, for messages. */
export const nameRule = "1 to 63 characters a-z, 0-9 and single hyphens, not at an end" as const;

/** Whether a value may stand in a subject: no separator, no case, nothing that another name could imitate. */
export function isName(value: unknown): value is string {
  return typeof value === "string" && value.length <= 63 && grammar.test(value);
}
