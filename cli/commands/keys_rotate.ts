import { type Command, Option } from "commander";
import type { KeyView, RotationView } from "../admin_types.ts";
import { createCommand, withIssuer } from "../command.ts";
import {
  type CliContext,
  type CommonOptions,
  confirm,
  requireAdmin,
  withProgress,
} from "../context.ts";
import { formatWhen } from "../duration.ts";
import { printKeys } from "../print_keys.ts";

interface Options extends CommonOptions {
  readonly emergency?: boolean;
  readonly alg?: string;
  readonly yes?: boolean;
}

interface Answer {
  readonly keys: readonly KeyView[];
  readonly rotated?: readonly RotationView[];
}

/** `signet keys rotate` */
export function keysRotateCommand(context: CliContext): Command {
  const command = createCommand({
    usage: "rotate",
    summary: "Start the next rotation now",
    more: "Rotation happens by itself; this is for drills and emergencies. Without --emergency " +
      "the next key signs only once every relying party can know it.",
    examples: [
      ["signet keys rotate", "a scheduled rotation, now"],
      ["signet keys rotate --emergency", "a private key leaked: the spare signs at once"],
    ],
  })
    .option("--emergency", "drop the active key and sign with the spare at once")
    .addOption(
      new Option("--alg <name>", "one algorithm alone").choices(["RS256", "ES256", "EdDSA"]),
    )
    .option("--yes", "do not ask");
  return withIssuer(command).action((options: Options) => rotateKeys(context, options));
}

async function rotateKeys(context: CliContext, options: Options): Promise<void> {
  const admin = requireAdmin(context, options);
  if (options.emergency) {
    await confirm(context, {
      question: "Tokens signed by the active key will be refused. Go on?",
      yes: options.yes,
    });
  }
  const body = {
    ...(options.emergency && { emergency: true }),
    ...(options.alg !== undefined && { alg: options.alg }),
  };
  const { body: answer } = await withProgress(context, {
    text: "Making keys",
    work: () => admin.send<Answer>({ method: "POST", path: "/keys/rotate", body }),
  });
  const { out } = context;
  if (options.json) return out.json(answer);
  for (const rotation of answer.rotated ?? []) {
    out.line(`${rotation.alg}: ${describeRotation(rotation, context.host.now())}`);
  }
  out.line();
  printKeys(context, answer.keys);
}

function describeRotation({ kid, activeAt }: RotationView, now: number): string {
  return Date.parse(activeAt) <= now
    ? `${kid} signs now`
    : `the next key signs ${formatWhen(activeAt, now)}, once every relying party can know it`;
}
