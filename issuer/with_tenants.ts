import type { AssembledIssuer } from "./assemble_issuer.ts";
import { type Eventual, orElse } from "./eventual.ts";
import type { IssuerOptions } from "./issuer_options.ts";
import { pathOf } from "./path_of.ts";
import type { RequestInfo } from "./request_source.ts";
import { unavailableDocument } from "./respond.ts";
import { addSecurityHeaders } from "./security_headers.ts";

/** What tenants are made with. */
export interface TenantSetup {
  readonly options: IssuerOptions;
  readonly assemble: (options: IssuerOptions) => AssembledIssuer;
}

const inserted = "/.well-known/oauth-authorization-server";

/**
 * An issuer that passes requests below `{issuer}/{tenant}` on to that tenant's own issuer. A tenant
 * is assembled at its first request, so that start-up does not grow with their number.
 */
export function withTenants(
  own: AssembledIssuer,
  { options, assemble }: TenantSetup,
): AssembledIssuer {
  const { tenants = {}, prefix = ["signet"] } = options;
  const names = Object.keys(tenants);
  if (names.length === 0) return own;
  const open = new Map<string, AssembledIssuer>();
  const base = new URL(options.issuer).pathname.replace(/\/$/, "");
  const https = options.issuer.startsWith("https:");

  function tenant(name: string): AssembledIssuer {
    const known = open.get(name);
    if (known) return known;
    const { kv, keyEncryptionKeys, timings, x5c, hosts, initialized } = options;
    const { fetch, resolveName, onEvent, now, randomBytes } = options;
    const shared = {
      kv,
      keyEncryptionKeys,
      timings,
      x5c,
      hosts,
      initialized,
      fetch,
      resolveName,
      onEvent,
      now,
      randomBytes,
    };
    const made = assemble({
      ...shared,
      ...tenants[name],
      issuer: `${options.issuer}/${name}`,
      prefix: [...prefix, "tenant", name],
    });
    open.set(name, made);
    return made;
  }

  function tenantOf(path: string): string | undefined {
    for (const start of [`${base}/`, `${inserted}${base}/`]) {
      if (!path.startsWith(start)) continue;
      const name = path.slice(start.length).split("/", 1)[0]!;
      if (Object.hasOwn(tenants, name)) return name;
    }
  }

  function handle(request: Request, info?: RequestInfo): Eventual<Response> {
    const name = tenantOf(pathOf(request.url));
    if (name === undefined) return own.handle(request, info);
    // A tenant with options that no type would allow is found out at its first request.
    return orElse(
      () => tenant(name).handle(request, info),
      (error) => addSecurityHeaders(unavailableDocument(error), { https }),
    );
  }

  return {
    ...own,
    handle,
    async maintain() {
      // One after the other, and each whatever became of those before.
      const failures: unknown[] = [];
      for (const each of [() => own, ...names.map((name) => () => tenant(name))]) {
        await each().maintain().catch((error) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
    async [Symbol.asyncDispose]() {
      for (const issuer of [own, ...open.values()]) await issuer[Symbol.asyncDispose]();
    },
  };
}
