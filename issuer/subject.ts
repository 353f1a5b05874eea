/** Subject where a profile names none. */
export const defaultSubject = "deployment:{org}/{app}/{context}[/{deployment}]";

/** The verified parts that a subject may be built from. */
export interface SubjectParts {
  readonly org: string;
  readonly app: string;
  readonly context: string;
  readonly workload: string;
  /** Only where verified; left out with the bracket around it otherwise. */
  readonly deployment?: string;
}

/**
 * Fills a template. `[...]` holds only what depends on the deployment and is left out when that is
 * not verified. Parts are names (name.ts), so no part can imitate a separator (threats 25, 26).
 */
export function buildSubject(template: string, parts: SubjectParts): string {
  const text = withoutBrackets(template, parts.deployment !== undefined);
  let subject = "", from = 0;
  // By hand: two regular expressions per token cost more than all else of its claims.
  for (let open = text.indexOf("{"); open >= 0; open = text.indexOf("{", from)) {
    const close = text.indexOf("}", open);
    subject += text.slice(from, open) + parts[text.slice(open + 1, close) as keyof SubjectParts]!;
    from = close + 1;
  }
  return subject + text.slice(from);
}

function withoutBrackets(template: string, keepOptional: boolean): string {
  const open = template.indexOf("[");
  if (open < 0) return template;
  const close = template.indexOf("]", open);
  const optional = keepOptional ? template.slice(open + 1, close) : "";
  return template.slice(0, open) + optional + template.slice(close + 1);
}

/** Why a template could give two workloads one subject, or be misread; undefined when it is sound. */
export function subjectTemplateFault(template: string): string | undefined {
  const variables = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!);
  const known = ["org", "app", "context", "workload", "deployment"];
  const unknown = variables.find((name) => !known.includes(name));
  if (unknown) return `{${unknown}} is unknown; known: ${known.join(", ")}`;
  const required = template.replace(/\[[^\]]*\]/, "");
  const whole = ["org", "app", "context"].every((name) => required.includes(`{${name}}`));
  if (!whole && !required.includes("{workload}")) {
    return "must hold {workload}, or {org}, {app} and {context}";
  }
  if (required.includes("{deployment}")) {
    return "must hold {deployment} in brackets: [/{deployment}]";
  }
  if (!/^[\x21-\x7e]+$/.test(template)) return "must be visible ASCII without spaces";
  if (
    !/^[^[\]{}]*(\{\w+\}[^[\]{}]+)*(\{\w+\})?(\[[^a-z0-9[\]{}-]\{deployment\}\])?$/.test(template)
  ) {
    return "must separate its variables by text, and end with [/{deployment}] if it has one";
  }
  if (/\}[a-z0-9-]*\{/.test(template)) {
    return "must separate its variables by : or / or another sign";
  }
}
