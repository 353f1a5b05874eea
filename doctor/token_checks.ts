import type { SetupVendor } from "../setup/types.ts";
import { type Check, check, fail, failIfAny, ok, skip, type Verdict, warn } from "./check.ts";
import type { ProbeToken } from "./probe_token.ts";

/** What one audience demands of a token. */
export interface TokenRule {
  readonly vendor: SetupVendor;
  readonly issuer: string;
  readonly audience: string;
  /** Undefined: any subject. */
  readonly subject: string | undefined;
  readonly algorithms: readonly string[];
  readonly maxSubjectBytes: number;
  /** Shortest useful life in seconds. Default 60. */
  readonly minLifetime?: number;
  /** Longest life that is accepted, in seconds. Default: none is documented. */
  readonly maxLifetime?: number;
  /** Problems with claims that only this audience has. */
  readonly claimProblems?: (claims: Readonly<Record<string, unknown>>) => string[];
  /** Where the vendor documents its demands. */
  readonly source: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

type Judge = (token: ProbeToken, rule: TokenRule) => Verdict;

interface Row {
  readonly id: string;
  readonly title: string;
  readonly expected: (rule: TokenRule) => string;
  readonly remedy: string;
  readonly judge: Judge;
}

const ROWS: readonly Row[] = [
  {
    id: "token_header",
    title: "Token: header",
    expected: ({ algorithms }) => `alg ${algorithms.join(" or ")}, kid, typ JWT, no crit`,
    remedy: "Let the audience's profile choose the algorithm; RS256 is taken everywhere.",
    judge: judgeHeader,
  },
  {
    id: "token_signature",
    title: "Token: signature",
    expected: () => "verifies with the published key of its kid",
    remedy:
      "A key must be published before it signs: look at signet keys list and at caches in front of the key set.",
    judge: ({ signature }) => signature === "good" ? ok("good") : fail(signature),
  },
  {
    id: "token_issuer",
    title: "Token: issuer",
    expected: ({ issuer }) => issuer,
    remedy: "iss must be the issuer URL byte for byte: set SIGNET_ISSUER to it.",
    judge: ({ claims }, { issuer }) => claims.iss === issuer ? ok(issuer) : fail(show(claims.iss)),
  },
  {
    id: "token_audience",
    title: "Token: audience",
    expected: ({ audience }) => `one string: ${audience}`,
    remedy: "Mint for exactly this one audience.",
    judge: judgeAudience,
  },
  {
    id: "token_subject",
    title: "Token: subject",
    expected: ({ subject, maxSubjectBytes }) =>
      `${subject ?? "ASCII"}, at most ${maxSubjectBytes} bytes`,
    remedy:
      "Change the trust to the subject that was found, or the workload's names to the one that the trust names.",
    judge: judgeSubject,
  },
  {
    id: "token_times",
    title: "Token: times",
    expected: () => "iat, nbf and exp as integers, valid now",
    remedy: "Synchronize the issuer's clock; times must be whole seconds.",
    judge: judgeTimes,
  },
  {
    id: "token_lifetime",
    title: "Token: lifetime",
    expected: ({ minLifetime = 60 }) => `${minLifetime} to 3600 s`,
    remedy: "Set the lifetime in the audience's profile, or ask with ttl.",
    judge: judgeLifetime,
  },
  {
    id: "token_claims",
    title: "Token: other claims",
    expected: () =>
      "no azp, no look-alike of a registered claim, the vendor's own claims well formed",
    remedy: "Remove or rename the claims that were found from the workload's claims.",
    judge: judgeClaims,
  },
];

/** Judge a probe token for one audience. */
export function tokenChecks(token: ProbeToken | undefined, rule: TokenRule): Check[] {
  const { vendor, source } = rule;
  const minted = check(
    {
      id: `${vendor}.token_minted`,
      title: "Token: minted",
      expected: `a token for ${rule.audience}`,
      remedy:
        "Do as the text says; else allow the audience for the workload and check its credential.",
      source,
    },
    !token
      ? skip("no credential to mint with, or no audience, is known")
      : token.error
      ? fail(token.error)
      : ok("minted"),
  );
  return [
    minted,
    ...ROWS.map((row) =>
      check({
        id: `${vendor}.${row.id}`,
        title: row.title,
        expected: row.expected(rule),
        remedy: row.remedy,
        source,
      }, !token || token.error ? skip("no token") : row.judge(token, rule))
    ),
  ];
}

function show(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}

function judgeHeader({ header }: ProbeToken, { algorithms }: TokenRule): Verdict {
  return failIfAny([
    ...(algorithms.includes(String(header.alg)) ? [] : [`alg ${show(header.alg)}`]),
    ...(typeof header.kid === "string" && header.kid !== "" ? [] : ["no kid"]),
    ...(header.typ === "JWT" ? [] : [`typ ${show(header.typ)}`]),
    ...("crit" in header ? ["crit"] : []),
  ], `alg ${header.alg}, kid ${header.kid}, typ ${header.typ}`);
}

function judgeAudience({ claims }: ProbeToken, { audience }: TokenRule): Verdict {
  const { aud } = claims;
  if (aud === audience) return ok(audience);
  const single = Array.isArray(aud) && aud.length === 1 && aud[0] === audience;
  return single ? warn("an array of one") : fail(show(aud));
}

function judgeSubject({ claims }: ProbeToken, { subject, maxSubjectBytes }: TokenRule): Verdict {
  const { sub } = claims;
  if (typeof sub !== "string" || sub === "") return fail(show(sub));
  const bytes = new TextEncoder().encode(sub).length;
  return failIfAny([
    ...(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(sub)
      ? []
      : ["holds other than printable ASCII"]),
    ...(bytes <= maxSubjectBytes ? [] : [`has ${bytes} bytes`]),
    ...(subject === undefined || sub === subject ? [] : [`is ${sub}`]),
  ], sub);
}

function judgeTimes({ claims }: ProbeToken, { now }: TokenRule): Verdict {
  const wrong = ["iat", "nbf", "exp"].filter((name) => !Number.isSafeInteger(claims[name]));
  if (wrong.length > 0) return fail(`not integers: ${wrong.join(", ")}`);
  const seconds = Math.floor(now / 1000);
  return failIfAny([
    ...(Number(claims.nbf) > seconds ? [`nbf is ${Number(claims.nbf) - seconds} s ahead`] : []),
    ...(Number(claims.iat) > seconds + 60
      ? [`iat is ${Number(claims.iat) - seconds} s ahead`]
      : []),
    ...(Number(claims.exp) <= seconds ? [`expired ${seconds - Number(claims.exp)} s ago`] : []),
  ], "valid now");
}

function judgeLifetime({ claims }: ProbeToken, rule: TokenRule): Verdict {
  const life = Number(claims.exp) - Number(claims.iat);
  if (!Number.isFinite(life)) return skip("no times");
  if (life > (rule.maxLifetime ?? Infinity)) return fail(`${life} s`);
  const useful = life >= (rule.minLifetime ?? 60) && life <= 3600;
  return useful ? ok(`${life} s`) : warn(`${life} s`);
}

const REGISTERED = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti", "azp"];

function judgeClaims({ claims }: ProbeToken, rule: TokenRule): Verdict {
  const lookAlikes = Object.keys(claims).filter((name) =>
    !REGISTERED.includes(name) && REGISTERED.includes(name.toLowerCase())
  );
  return failIfAny([
    ...("azp" in claims ? ["azp"] : []),
    ...lookAlikes.map((name) => `${name} looks like ${name.toLowerCase()}`),
    ...rule.claimProblems?.(claims) ?? [],
  ], "nothing unusual");
}
