import { type Markup, markup, trusted } from "../markup.ts";
import { basePath } from "../layout.ts";

/** The relying parties to choose from; apart from the generators, which the status page does not load. */
const choices = [
  ["aws", "AWS", "OIDC provider, IAM role"],
  ["gcp", "Google Cloud", "Workload identity pool, binding"],
  ["azure", "Azure", "Federated credential in Entra"],
  ["vault", "Vault", "JWT role, in Vault or OpenBao"],
  ["kubernetes", "Kubernetes", "Authenticator, role binding"],
] as const;

/** Links to the form of each relying party. */
export function vendorList({ issuer, current }: { issuer: string; current?: string }): Markup {
  const path = `${basePath(issuer)}/trust`;
  return markup`<ul class="cards">${
    choices.map(([id, title, makes]) =>
      markup`<li><a href="${path}?vendor=${id}"${
        id === current && trusted(' aria-current="true"')
      }><strong>${title}</strong><span>${makes}</span></a></li>`
    )
  }</ul>`;
}
