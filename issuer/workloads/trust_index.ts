import type { KvKey } from "../../kv/kv.ts";
import type { ReliableKv } from "../../kv/reliable_kv.ts";
import type { TokenClaims } from "../../verify/check_claims.ts";
import { claimAt } from "../trust/match_rule.ts";
import { presetOfRule } from "../trust/presets/find_preset.ts";
import type { ClaimMatcher, TrustRule } from "../trust/rule.ts";
import type { ChangeCache } from "./change_cache.ts";
import { sha256Hex } from "./request_token.ts";
import type { WorkloadRecord } from "./workload.ts";

/**
 * Finds the workloads whose rules a token may meet, without reading them all: each rule is filed
 * under its issuer and one claim that it pins to a literal.
 */
export interface TrustIndex {
  /** Who may be meant by the claims. */
  candidates(claims: TokenClaims): Promise<TrustCandidates>;
  /** Ids of workloads with any rule for the issuer, `limit` at most: for explanations. */
  ofIssuer(issuer: string, limit: number): Promise<readonly string[]>;
  /** What a write of `next` over `previous` changes in the index. */
  changes(previous: WorkloadRecord | undefined, next: WorkloadRecord): Promise<IndexChanges>;
}

/** Workloads that claims may be of, before anything is verified. */
export interface TrustCandidates {
  /** Workloads with a rule that the claims may meet. */
  readonly ids: readonly string[];
  /** Whether any rule names the issuer, or once did. */
  readonly isIssuerNamed: boolean;
}

/** Writes that belong into the commit of a workload. */
export interface IndexChanges {
  readonly checks: { key: KvKey; versionstamp: string | null }[];
  readonly sets: { key: KvKey; value: unknown }[];
  readonly deletes: KvKey[];
}

/** Rules whose claims are globs only are filed under this name. */
const unpinned = "";

/** Most workloads that one token may meet; more is a rule set that pins too little. */
const maxCandidates = 200;

/** Makes the index; rules of configured workloads are filed in memory. */
export function createTrustIndex(options: {
  kv: ReliableKv;
  prefix: KvKey;
  cache: ChangeCache;
  configured: readonly WorkloadRecord[];
}): TrustIndex {
  const { kv, prefix, cache } = options;
  const fixed = fileConfigured(options.configured);
  const namesKey = (issuer: string) => [...prefix, "trust_claims", sha256Hex(issuer)];
  const rulesKey = (issuer: string, ...rest: string[]) => [
    ...[...prefix, "trust_rule", sha256Hex(issuer)],
    ...rest,
  ];

  async function readNames(issuer: string) {
    const [entry] = await kv.read([namesKey(issuer)]);
    const names = (entry!.value as { names: string[] } | null)?.names ?? [];
    return { names, versionstamp: entry!.versionstamp };
  }

  async function listIds(key: KvKey, limit: number): Promise<string[]> {
    const entries = await kv.page({ prefix: key }, { limit });
    return entries.map((entry) => entry.key.at(-1)!);
  }

  return {
    async candidates(claims) {
      const { iss } = claims;
      const load = async () => (await readNames(iss)).names;
      const names = await cache.get(namesKey(iss).join("\0"), load);
      const ids = new Set(fixed.candidates(claims));
      for (const name of names) {
        const pin = pinOfClaims(claims, name);
        if (pin === undefined) continue;
        const key = rulesKey(iss, pin);
        const found = await cache.get(key.join("\0"), () => listIds(key, maxCandidates));
        for (const id of found) ids.add(id);
      }
      const isIssuerNamed = names.length > 0 || fixed.ofIssuer(iss).length > 0;
      return { ids: [...ids], isIssuerNamed };
    },
    async ofIssuer(issuer, limit) {
      const stored = await listIds(rulesKey(issuer), limit);
      return [...new Set([...fixed.ofIssuer(issuer), ...stored])];
    },
    async changes(previous, next) {
      const changes: IndexChanges = { checks: [], sets: [], deletes: [] };
      const { id } = next.workload;
      const before = filesOf(previous);
      const after = filesOf(next.deletedAt === undefined ? next : undefined);
      for (const [pin, { issuer }] of before) {
        if (!after.has(pin)) changes.deletes.push(rulesKey(issuer, pin, id));
      }
      for (const [pin, { issuer }] of after) {
        if (!before.has(pin)) changes.sets.push({ key: rulesKey(issuer, pin, id), value: 1 });
      }
      const added = [...after].filter(([pin]) => !before.has(pin)).map(([, file]) => file);
      for (const issuer of new Set(added.map(({ issuer }) => issuer))) {
        const { names, versionstamp } = await readNames(issuer);
        const wanted = added.filter((file) => file.issuer === issuer).map(({ name }) => name);
        const all = [...new Set([...names, ...wanted])];
        if (all.length === names.length) continue;
        // Names only ever grow: one that no rule uses any more costs a lookup, nothing else.
        changes.checks.push({ key: namesKey(issuer), versionstamp });
        changes.sets.push({ key: namesKey(issuer), value: { names: all } });
      }
      return changes;
    },
  };
}

interface RuleFile {
  readonly issuer: string;
  readonly name: string;
}

/** Where the rules of a workload are filed, by pin. */
function filesOf(record: WorkloadRecord | undefined): Map<string, RuleFile> {
  const files = new Map<string, RuleFile>();
  for (const rule of record?.workload.trust ?? []) {
    const name = pinnedClaim(rule);
    const value = name === unpinned ? null : rule.claims[name]!;
    files.set(pinOf(rule.issuer, { name, value }), { issuer: rule.issuer, name });
  }
  return files;
}

/** The claim that a rule is filed under: what the platform tells its users apart by, else the first literal. */
function pinnedClaim(rule: TrustRule): string {
  const literal = (name: string) => isLiteral(rule.claims[name]);
  const identity = presetOfRule(rule)?.identity.map(({ claim }) => claim);
  return identity?.find(literal) ?? Object.keys(rule.claims).sort().find(literal) ?? unpinned;
}

function isLiteral(matcher: ClaimMatcher | undefined): boolean {
  return ["string", "number", "boolean"].includes(typeof matcher);
}

function pinOf(issuer: string, claim: { name: string; value: unknown }): string {
  return sha256Hex(JSON.stringify([issuer, claim.name, claim.value]));
}

function pinOfClaims(claims: TokenClaims, name: string): string | undefined {
  if (name === unpinned) return pinOf(claims.iss, { name, value: null });
  const value = claimAt(claims, name);
  return value === undefined ? undefined : pinOf(claims.iss, { name, value });
}

function fileConfigured(records: readonly WorkloadRecord[]) {
  const ids = new Map<string, Set<string>>();
  const issuers = new Map<string, { names: Set<string>; ids: Set<string> }>();
  for (const record of records) {
    for (const [pin, { issuer, name }] of filesOf(record)) {
      const { id } = record.workload;
      ids.set(pin, (ids.get(pin) ?? new Set()).add(id));
      const known = issuers.get(issuer) ?? { names: new Set(), ids: new Set() };
      known.names.add(name);
      known.ids.add(id);
      issuers.set(issuer, known);
    }
  }
  return {
    ofIssuer: (issuer: string) => [...issuers.get(issuer)?.ids ?? []],
    candidates(claims: TokenClaims): readonly string[] {
      const pins = [...issuers.get(claims.iss)?.names ?? []].map((name) =>
        pinOfClaims(claims, name)
      );
      return pins.flatMap((pin) => pin === undefined ? [] : [...ids.get(pin) ?? []]);
    },
  };
}
