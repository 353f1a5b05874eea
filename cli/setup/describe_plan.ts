import { programLines } from "../../setup/program_lines.ts";
import { shellQuote } from "../../setup/quote.ts";
import type { SetupPlan, SetupVendor } from "../../setup/types.ts";
import type { Style } from "../style.ts";
import { wrapWords } from "../table.ts";

const NAMES: Readonly<Record<SetupVendor, string>> = {
  aws: "AWS",
  gcp: "Google Cloud",
  azure: "Azure",
  vault: "Vault",
  kubernetes: "Kubernetes",
};

/** How the lines are laid out. */
export interface Layout {
  readonly width: number;
  readonly style: Style;
}

/** What stands above the commands: whom the vendor will trust, and what will exist afterwards. */
export function planHead(plan: SetupPlan, { width, style }: Layout): string[] {
  return [
    `${style.bold(`Plan for ${NAMES[plan.vendor]}`)}, nothing is run`,
    "",
    `  ${style.dim("Issuer  ")}  ${plan.issuer}`,
    `  ${style.dim("Subject ")}  ${plan.subject}`,
    `  ${style.dim("Audience")}  ${plan.audience}`,
    "",
    "Afterwards there is",
    "",
    ...bullets(plan.summary, width),
  ];
}

/** What stands below: the program's side, the other files, what to know. */
export function planFoot(
  plan: SetupPlan,
  { width, style, remarks, written }: Layout & {
    readonly remarks: readonly string[];
    /** The files lie in a directory already. */
    readonly written: boolean;
  },
): string[] {
  const environment = Object.entries(plan.environment);
  return [
    "",
    `${style.bold("In the program's environment")}, beside what proves the program to the issuer`,
    "",
    // Never wrapped: these lines are to be copied.
    ...environment.map(([name, value]) => `export ${name}=${shellQuote(value)}`),
    "",
    style.bold("In the program"),
    "",
    ...programLines(plan.code),
    "",
    ...(written ? [] : [
      `${style.bold("Files")} (--show NAME prints one, --out DIR writes all)`,
      "",
      ...bullets(plan.artifacts.map(({ name }) => name), width),
      "",
    ]),
    style.bold("Good to know"),
    "",
    ...bullets([...remarks, ...plan.notes.map(nameFlags)], width),
  ];
}

/** The planners speak of options of a function; here they are flags. */
const FLAGS: readonly (readonly [text: RegExp, flag: string])[] = [
  [/\bperDeployment\b/g, "--per-deployment"],
  [/\bpass issuerCa\b/g, "pass --issuer-ca"],
  [/\bpass server\b/g, "pass --server"],
  [/\bpass the option jwks\b/g, "pass --jwks FILE"],
];

function nameFlags(note: string): string {
  return FLAGS.reduce((text, [pattern, flag]) => text.replace(pattern, flag), note);
}

/** Lines with a dash before each entry, wrapped to the width. */
export function bullets(entries: readonly string[], width: number): string[] {
  return entries.flatMap((entry) =>
    wrapWords(entry, width - 4).map((line, i) => (i === 0 ? "  - " : "    ") + line)
  );
}
