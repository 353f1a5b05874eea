/** What the stand-in for AWS knows: providers, roles, sessions, and what it was asked. */

export interface Provider {
  readonly account: string;
  /** The issuer's URL, byte for byte. */
  readonly issuer: string;
  readonly clientIds: readonly string[];
}

export interface Role {
  readonly arn: string;
  /** Conditions of a trust policy for web identity; aud and sub are always both demanded. */
  readonly web?: {
    readonly issuer: string;
    readonly aud: string;
    readonly sub: string;
    readonly boundByIdp?: boolean;
    readonly tagSession?: boolean;
    readonly setSourceIdentity?: boolean;
  };
  /** Roles that may assume this one, and what they must bring. */
  readonly trusts?: { readonly roleArn: string; readonly externalId?: string };
  readonly maxSessionDuration?: number;
}

export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly roleArn: string;
  readonly sessionName: string;
  readonly expiresAt: number;
  readonly tags: Record<string, string>;
  readonly sourceIdentity?: string;
}

export interface World {
  readonly providers: readonly Provider[];
  readonly roles: readonly Role[];
  /** Regions whose STS is off for every account. */
  readonly disabledRegions: readonly string[];
  readonly now: () => number;
  readonly sessions: Map<string, Session>;
  readonly objects: Map<string, Uint8Array<ArrayBuffer>>;
  readonly items: Map<string, unknown>;
}

let serial = 0;

/** Makes a session of a role and remembers it. */
export function openSession(
  world: World,
  session: Pick<Session, "roleArn" | "sessionName" | "tags" | "sourceIdentity"> & {
    seconds: number;
  },
): Session {
  const random = crypto.getRandomValues(new Uint8Array(30));
  const secret = btoa(String.fromCharCode(...random));
  const opened = {
    ...session,
    accessKeyId: `ASIA${String(++serial).padStart(16, "Q")}`,
    secretAccessKey: secret,
    sessionToken: `IQoJb3JpZ2luX2VjE&${secret}==`,
    expiresAt: world.now() + session.seconds * 1000,
  };
  world.sessions.set(opened.accessKeyId, opened);
  return opened;
}

export const accountOf = (arn: string): string => arn.split(":")[4]!;

/** `arn:aws:sts::ACCOUNT:assumed-role/NAME/SESSION`. */
export function assumedArn(session: Session): string {
  const [, partition] = session.roleArn.split(":");
  const name = session.roleArn.split("/").pop();
  return `arn:${partition}:sts::${
    accountOf(session.roleArn)
  }:assumed-role/${name}/${session.sessionName}`;
}
