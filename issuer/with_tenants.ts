import type { Eventual } from "./eventual.ts";
import type { Issuer, IssuerOptions } from "./issuer_options.ts";
import { pathOf } from "./path_of.ts";
import type { RequestInfo } from "./request_source.ts";

/** What tenants are made with. */
export interface TenantSetup {
  readonly options: IssuerOptions;
  readonly assemble: (options: IssuerOptions) => Issuer;
}

const inserted = "/.well-known/oauth-authorization-server";

/**
 * An issuer that passes requests below `{issuer}/{tenant}` on to that tenant's own issuer. A tenant
 * is assembled at its first request, so that start-up does not grow with their number.
 */
export function withTenants(own: Issuer, { options, assemble }: TenantSetup): Issuer {
  const { tenants = {}, prefix = ["signet"] } = options;
  const names = Object.keys(tenants);
  if (names.length === 0) return own;
  const open = new Map<string, Issuer>();
  const base = new URL(options.issuer).pathname.replace(/\/$/, "");

  function tenant(name: string): Issuer {
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
    return (name === undefined ? own : tenant(name)).handle(request, info);
  }

  return {
    ...own,
    handle,
    fetch: async (request, info) => await handle(request, info),
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
