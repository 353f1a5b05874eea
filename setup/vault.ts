import { vaultLine } from "./code_line.ts";
import { Faults } from "./faults.ts";
import { certificates } from "./pem.ts";
import { hcl } from "./quote.ts";
import { json, script } from "./script.ts";
import { resolveInput } from "./subject.ts";
import type { SetupInput, SetupPlan } from "./types.ts";
import { vaultCommands } from "./vault_commands.ts";
import { vaultTerraform } from "./vault_terraform.ts";
import { VAULT_ALGORITHMS, type VaultPlanParts, type VaultSetupOptions } from "./vault_types.ts";

export type { VaultSetupOptions } from "./vault_types.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
const MOUNT = /^[A-Za-z0-9_-]+(?:\/[A-Za-z0-9_-]+)*$/;

/** Plan the trust of Vault or OpenBao in one workload: auth method, its configuration, one role. */
export function setupVault(input: SetupInput, options: VaultSetupOptions = {}): SetupPlan {
  const faults = new Faults();
  const program = options.program ?? "vault";
  const base = resolveInput(input, {
    vendor: "vault",
    audience: program === "bao" ? "openbao" : "vault",
    faults,
  });
  const role = options.role ?? `${input.workload?.app}-${input.workload?.context}`;
  const parts: VaultPlanParts = {
    base,
    program,
    mount: options.mount ?? "jwt",
    role,
    policies: options.policies ?? [role],
    readPaths: options.readPaths ?? [],
    org: input.workload?.org,
    ttl: options.tokenTtlSeconds ?? 900,
    ca: certificates(options.issuerCa, "options.issuerCa", faults),
  };
  const address = options.address ?? "<address of the server>";
  checkParts(parts, options.address, faults);
  faults.check(
    !(base.perDeployment && String(base.subject).includes(",")),
    "subject",
    "must not hold a comma together with perDeployment: the Terraform provider splits there",
  );
  faults.done("vault");
  const config = vaultConfig(parts);
  const document = vaultRole(parts);
  const policy = parts.readPaths.map(readRule).join("\n");
  const summary = summarize(parts);
  return {
    vendor: "vault",
    issuer: base.issuer,
    subject: base.subject,
    audience: base.audience,
    summary,
    cli: script({
      title: `Let one Signet workload log in to ${program === "bao" ? "OpenBao" : "Vault"}.`,
      plan: summary,
      variables: { mount: parts.mount, role, issuer: base.issuer },
      body: vaultCommands(parts, { config: json(config), document: json(document), policy }),
    }),
    terraform: vaultTerraform(parts, policy),
    artifacts: [
      { name: "vault-config.json", contents: json(config) },
      { name: "vault-role.json", contents: json(document) },
      ...(policy ? [{ name: "vault-policy.hcl", contents: policy }] : []),
    ],
    notes: [...base.issuerNotes, ...vaultNotes(parts)],
    environment: {
      SIGNET_ISSUER: base.issuer,
      SIGNET_VAULT_ADDR: address,
      SIGNET_VAULT_ROLE: role,
    },
    // The helper's own default audience is the address: name the one that the role binds.
    code: vaultLine({
      audience: base.audience,
      mount: parts.mount === "jwt" ? undefined : parts.mount,
    }),
  };
}

function checkParts(
  parts: VaultPlanParts,
  address: string | undefined,
  faults: Faults,
): void {
  faults.text(parts.program, "options.program", {
    pattern: /^(?:vault|bao)$/,
    expected: "vault or bao",
  });
  faults.text(parts.mount, "options.mount", { pattern: MOUNT, expected: "a path such as jwt" });
  faults.text(parts.role, "options.role", { pattern: NAME, expected: "a role name" });
  faults.list(parts.policies, "options.policies", { pattern: NAME, expected: "a policy name" });
  faults.list(parts.readPaths, "options.readPaths", {
    pattern: /^[A-Za-z0-9_.+*-]+(?:\/[A-Za-z0-9_.+*-]*)*$/,
    expected: "a path such as secret/data/web",
  });
  faults.check(
    Number.isInteger(parts.ttl) && parts.ttl >= 60 && parts.ttl <= 86400,
    "options.tokenTtlSeconds",
    "must be a whole number from 60 to 86400",
  );
  const ok = address === undefined ||
    (URL.canParse(address) && /^https?:\/\/[A-Za-z0-9.:[\]-]+$/.test(address));
  faults.check(
    ok,
    "options.address",
    "must be a URL without a path, such as https://vault.example:8200",
  );
}

function vaultConfig({ base, ca }: VaultPlanParts): Record<string, unknown> {
  return {
    oidc_discovery_url: base.issuer,
    bound_issuer: base.issuer,
    jwt_supported_algs: VAULT_ALGORITHMS,
    ...(ca ? { oidc_discovery_ca_pem: ca } : {}),
  };
}

/** `bound_subject` is exact; the deployments of a workload need the glob form of bound_claims. */
function vaultRole({ base, org, policies, ttl }: VaultPlanParts): Record<string, unknown> {
  const subject = base.perDeployment
    ? {
      bound_claims_type: "glob",
      bound_claims: { org, sub: [base.subject, `${base.subject}/*`] },
    }
    : { bound_subject: base.subject, bound_claims_type: "string", bound_claims: { org } };
  return {
    role_type: "jwt",
    user_claim: "sub",
    bound_audiences: [base.audience],
    ...subject,
    token_policies: policies,
    token_ttl: ttl,
    token_max_ttl: Math.max(ttl, 3600),
  };
}

function readRule(path: string): string {
  return hcl`path ${path} {
  capabilities = ["read"]
}
`;
}

function summarize({ base, mount, role, policies, readPaths, ttl }: VaultPlanParts): string[] {
  return [
    `JWT auth method at auth/${mount} that trusts ${base.issuer}, algorithms ${
      VAULT_ALGORITHMS.join(" and ")
    }`,
    base.perDeployment
      ? `role ${role} admits the audience ${base.audience} with the subject ${base.subject} and its deployments ${base.subject}/*`
      : `role ${role} admits only the audience ${base.audience} with the subject ${base.subject}`,
    `its tokens live ${ttl} s and carry the policies ${policies.join(", ")}`,
    ...(readPaths.length > 0 ? [`policy ${role} may read ${readPaths.join(", ")}`] : []),
  ];
}

function vaultNotes({ base, ca }: VaultPlanParts): string[] {
  return [
    "Vault compares iss only because bound_issuer is set, and takes the role for a browser login unless role_type is jwt: keep both.",
    base.perDeployment
      ? "bound_claims_type glob is used because the deployments of the workload were asked for; names cannot hold a slash, so no other workload matches."
      : "bound_subject admits one exact subject. Tokens of a verified deployment end in /{deployment}: ask for perDeployment if this workload gets its tokens from a platform that proves the deployment.",
    "Vault reads discovery while the configuration is written: the issuer must be up. It keeps keys until it sees an unknown kid: after an emergency rotation write the configuration again.",
    ...(ca ? [] : ["An issuer with a private CA needs oidc_discovery_ca_pem: pass issuerCa."]),
  ];
}
