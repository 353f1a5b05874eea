import { formatDuration } from "./duration.ts";

const MEANINGS: Readonly<Record<string, string>> = {
  iss: "who issued it; its keys are found from here",
  sub: "who it stands for; a relying party's rules compare this",
  aud: "whom it is for; anybody else must refuse it",
  jti: "its own number; no two tokens share one",
  org: "organization of the workload",
  app: "application of the workload",
  context: "context of the workload, such as production",
  workload: "the workload's id at the issuer",
  deployment_id: "deployment that the issuer verified",
  revision_id: "revision that the issuer verified",
  alg: "signature algorithm",
  kid: "which key signed it",
  typ: "kind of token",
  "https://aws.amazon.com/roles": "AWS roles it is bound to",
  "https://aws.amazon.com/tags": "AWS session tags",
  "https://aws.amazon.com/source_identity": "AWS source identity",
};

/** Says in plain words what a claim or header member means here. */
export function explainClaim(name: string, value: unknown, now: number): string {
  const time = typeof value === "number" ? value * 1000 : undefined;
  if (time !== undefined && name === "exp") return describeExpiry(time, now);
  if (time !== undefined && name === "iat") return `issued ${relative(time, now)}`;
  if (time !== undefined && name === "nbf") return describeStart(time, now);
  return MEANINGS[name] ?? "set by the issuer";
}

/** A claim's value for a table; times as UTC beside the number would not fit, so as time alone. */
export function showClaim(name: string, value: unknown): string {
  const isTime = ["exp", "iat", "nbf"].includes(name) && Number.isSafeInteger(value) &&
    Math.abs(value as number) < 8.64e12;
  if (isTime) {
    return new Date((value as number) * 1000).toISOString().replace("T", " ").replace(
      ".000Z",
      " UTC",
    );
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}

function describeExpiry(time: number, now: number): string {
  return time > now ? `expires ${relative(time, now)}` : `EXPIRED ${relative(time, now)}`;
}

function describeStart(time: number, now: number): string {
  return time > now
    ? `NOT VALID YET, only ${relative(time, now)}`
    : `valid since ${relative(time, now)}`;
}

function relative(time: number, now: number): string {
  const seconds = Math.round((time - now) / 1000);
  if (seconds === 0) return "now";
  return seconds > 0 ? `in ${formatDuration(seconds)}` : `${formatDuration(-seconds)} ago`;
}
