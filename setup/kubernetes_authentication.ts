import type { KubernetesPlanParts } from "./kubernetes_types.ts";
import { celString } from "./quote.ts";
import type { YamlValue } from "./yaml.ts";

/** The file for kube-apiserver's `--authentication-config` (apiserver.config.k8s.io/v1). */
export function authenticationConfiguration(parts: KubernetesPlanParts): YamlValue {
  const { base, options, prefix } = parts;
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    jwt: [{
      issuer: {
        url: base.issuer,
        discoveryURL: options.discoveryUrl,
        certificateAuthority: parts.issuerCa,
        audiences: [base.audience],
      },
      claimValidationRules: [
        admission(parts),
        { expression: "claims.exp - claims.iat <= 3600", message: "token lives longer than 1 h" },
      ],
      claimMappings: {
        username: { expression: `${celString(`${prefix}:`)} + claims.sub` },
        groups: { expression: groups(prefix) },
        extra: [{
          key: `${extraDomain(base.issuer)}/deployment`,
          valueExpression: 'claims.?deployment_id.orValue("")',
        }],
      },
      userValidationRules: [
        {
          expression: "!user.username.startsWith('system:')",
          message: "user name is reserved",
        },
        {
          expression: "user.groups.all(group, !group.startsWith('system:'))",
          message: "group name is reserved",
        },
      ],
    }],
  };
}

function admission({ base, options, workload }: KubernetesPlanParts): YamlValue {
  if (options.admit !== "workload") {
    return {
      expression: `claims.org == ${celString(workload.org)}`,
      message: "wrong organization",
    };
  }
  const exact = `claims.sub == ${celString(base.subject)}`;
  const prefix = `claims.sub.startsWith(${celString(`${base.subject}/`)})`;
  return {
    expression: base.perDeployment ? `${exact} || ${prefix}` : exact,
    message: "wrong subject",
  };
}

/** Groups of growing precision: the org, its app, its context. */
function groups(prefix: string): string {
  const org = `${celString(`${prefix}:`)} + claims.org`;
  return `[${org}, ${org} + '/' + claims.app, ${org} + '/' + claims.app + '/' + claims.context]`;
}

/** Keys of `extra` stand under a domain: the issuer's own, where it has one. */
function extraDomain(issuer: string): string {
  const { hostname } = new URL(issuer);
  return /^[a-z0-9.-]+$/.test(hostname) ? hostname : "localhost";
}
