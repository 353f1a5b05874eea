/** What each claim and header member of this issuer means. */
export function claimMeanings() {
  return new Map(Object.entries({
    iss: "Who issued it; a relying party finds the keys from here",
    sub: "Who it stands for; a relying party's rules compare this",
    aud: "Whom it is for; anybody else must refuse it",
    jti: "Its own number; no two tokens share one",
    org: "Organization of the workload",
    app: "App of the workload",
    context: "Context of the workload, such as production",
    workload: "The workload's id at the issuer",
    deployment_id: "Deployment that the issuer verified",
    revision_id: "Revision that the issuer verified",
    alg: "Signature algorithm",
    kid: "Which key signed it",
    typ: "Kind of token",
    "https://aws.amazon.com/roles": "AWS roles that it is bound to",
    "https://aws.amazon.com/tags": "AWS session tags",
    "https://aws.amazon.com/source_identity": "AWS source identity",
  }));
}

/** How far off a time in ms is, to the unit that matters. */
export function relativeTime(time, now) {
  const seconds = Math.round(Math.abs(time - now) / 1000);
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [unit, size] = units.find(([, size]) => seconds >= size) ?? ["second", 1];
  const count = Math.floor(seconds / size);
  const text = `${count} ${unit}${count === 1 ? "" : "s"}`;
  return time > now ? `in ${text}` : `${text} ago`;
}

/** A claim in plain words. `now` in ms. */
export function explainClaim(name, value, now) {
  const isTime = ["exp", "nbf", "iat"].includes(name) && Number.isFinite(value) &&
    Math.abs(value) < 8.64e12;
  if (!isTime) return claimMeanings().get(name) ?? "Set by the issuer or the workload's owner";
  const time = value * 1000;
  const what = {
    exp: time > now ? "Expires" : "EXPIRED",
    nbf: time > now ? "NOT VALID YET: only" : "Valid since",
    iat: "Issued",
  }[name];
  const date = new Date(time).toISOString().slice(0, 19).replace("T", " ");
  return `${what} ${relativeTime(time, now)}: ${date} UTC`;
}
