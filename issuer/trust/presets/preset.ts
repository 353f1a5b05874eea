import type { ClaimMatcher } from "../rule.ts";

/** One parameter of a preset. */
export interface PresetParam {
  /** What it is, in a few words, for messages and forms. */
  readonly description: string;
  /** A value as the platform writes it. */
  readonly example: string;
  /** The claim it pins; absent where it goes into the issuer or a claim that the preset builds. */
  readonly claim?: string;
  /** JSON type of the claim; default `string`. */
  readonly type?: "string" | "boolean" | "number" | "list";
  /** An identifier that the platform never gives to anything else. */
  readonly immutable?: boolean;
  /** Whether it must be written out, as an immutable one must anyway. */
  readonly literal?: boolean;
}

/** The parameters given to a preset. */
export type PresetValues = Readonly<Record<string, ClaimMatcher>>;

/** A claim of which one must be pinned, so that no stranger's token meets the rule. */
export interface IdentityClaim {
  readonly claim: string;
  /** How many leading segments (split at `/` and `:`) a glob must write out; default all. */
  readonly fixedSegments?: number;
}

/** What Signet knows of a platform, as data. */
export interface Preset {
  /** The name in rules. */
  readonly name: string;
  /** Other names that mean the same. */
  readonly aliases?: readonly string[];
  /** The platform's own name. */
  readonly title: string;
  /** Where the platform documents its claims. */
  readonly documentation: string;
  /** What a rule may be written with. */
  readonly params: Readonly<Record<string, PresetParam>>;
  /** Of each of these lists, one parameter must be given. */
  readonly required: readonly (readonly string[])[];
  /** The issuer; every parameter it reads is a checked string, or absent where not required. */
  readonly issuer: (value: (param: string) => string | undefined) => string;
  /** Claims that are built from several parameters. */
  readonly claims?: (value: (param: string) => string | undefined) => Record<string, ClaimMatcher>;
  /** Whether an issuer is this platform's, so that a rule without `preset` is still understood. */
  readonly owns: (issuer: string) => boolean;
  /** Hosts besides the issuer's own that serve its keys. */
  readonly jwksHosts?: readonly string[];
  /** Claims of which a rule must pin one, where the issuer also serves strangers. */
  readonly identity: readonly IdentityClaim[];
  /** Whether an issuer serves one customer alone, so that no claim need say whose token it is. */
  readonly isTenantIssuer?: (issuer: string) => boolean;
  /** Claims that tell production from a pull request; a rule that pins none gets a warning. */
  readonly narrowing?: readonly string[];
  /** Names that can be changed or reused, each with the ids of which one settles it; `iss` for the issuer URL. */
  readonly renameable: Readonly<Record<string, readonly string[]>>;
  /** Whether a value of a renameable claim holds ids of its own. */
  readonly isImmutable?: (claim: string, value: string) => boolean;
  /** Whether a token is exchanged once: false where the platform hands out a file or a variable. */
  readonly singleUse: boolean;
  /** The audience, where the platform lets nobody choose. */
  readonly audience?: string;
  /** Which claims of the platform become verified facts of our token. */
  readonly verified: {
    /** Claim that becomes `deployment_id`, and stands in `sub` where it is a name. */
    readonly deploymentId?: string;
    /** Claim that becomes `revision_id`. */
    readonly revisionId?: string;
    /** Our claim → the platform's. */
    readonly extra: Readonly<Record<string, string>>;
  };
}
