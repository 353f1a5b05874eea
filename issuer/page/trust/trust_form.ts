import type { SetupFault } from "../../../setup/types.ts";
import { html, type Markup, trusted } from "../html.ts";
import type { TrustField, TrustValues, TrustVendor } from "./vendor.ts";

const workloadFields: readonly TrustField[] = [
  name("org", "Organization", "acme"),
  name("app", "App", "web"),
  name("context", "Context", "production"),
];

function name(field: string, label: string, example: string): TrustField {
  return { name: field, label, example, required: true, faults: [`workload.${field}`] };
}

function furtherFields({ perDeployment }: TrustVendor): readonly TrustField[] {
  return [
    {
      name: "subject",
      label: "Subject",
      hint: "Default: deployment:{org}/{app}/{context}",
      faults: ["subject"],
    },
    {
      name: "audience",
      label: "Audience",
      hint: "Default: the vendor's own",
      faults: ["audience"],
    },
    ...(perDeployment
      ? [{
        name: "perDeployment",
        label: "Admit every verified deployment of the workload",
        check: true,
        faults: ["perDeployment"],
      }]
      : []),
    {
      name: "reuseIssuerEntry",
      label: "Terraform: the issuer's entry is managed elsewhere",
      check: true,
      faults: ["reuseIssuerEntry"],
    },
  ];
}

/** The form of one relying party; sent by GET, so that its address can be kept and shared. */
export function trustForm(options: {
  vendor: TrustVendor;
  action: string;
  values: TrustValues;
  faults: readonly SetupFault[];
}): Markup {
  const { vendor, action, values, faults } = options;
  const further = furtherFields(vendor);
  const draw = (field: TrustField) => drawField(field, { value: values(field.name), faults });
  const isOpen = further.some((field) => values(field.name) !== undefined);
  return html`
    <form method="get" action="${action}">
      <input type="hidden" name="vendor" value="${vendor.id}">
      <fieldset>
        <legend>The workload</legend>
        <div class="fields">${workloadFields.map(draw)}</div>
      </fieldset>
      <fieldset>
        <legend>${vendor.title}</legend>
        <div class="fields">${vendor.fields.map(draw)}</div>
      </fieldset>
      <details${isOpen && trusted(" open")}>
        <summary>Subject, audience and more</summary>
        <div class="fields">${further.map(draw)}</div>
        </details>
        <div class="actions"><button class="main">Show the commands</button></div>
        </form>
  `;
}

/** Faults that no field of the form shows. */
export function otherFaults(
  vendor: TrustVendor,
  faults: readonly SetupFault[],
): readonly SetupFault[] {
  const fields = [...workloadFields, ...vendor.fields, ...furtherFields(vendor)];
  return faults.filter((fault) => !fields.some((field) => isOf(field, fault)));
}

function isOf(field: TrustField, fault: SetupFault): boolean {
  return field.faults.some((name) =>
    fault.field === name || fault.field.startsWith(`${name}[`) ||
    (fault.field === `${name}.name` && name === "options.role")
  );
}

function drawField(
  field: TrustField,
  { value, faults }: { value: string | undefined; faults: readonly SetupFault[] },
): Markup {
  const problems = faults.filter((fault) => isOf(field, fault)).map(({ problem }) => problem);
  const id = `field-${field.name}`;
  const described = [field.hint && `${id}-hint`, problems.length > 0 && `${id}-fault`]
    .filter((part) => part).join(" ");
  const shared = html`
    id="${id}" name="${field.name}"${described !== "" && html`
      aria-describedby="${described}"
    `}${problems.length > 0 && trusted(' aria-invalid="true"')}
  `;
  const notes = html`${
    field.hint && html`<span class="hint" id="${id}-hint">${field.hint}</span>`
  }${
    problems.length > 0 &&
    html`<span class="fault" id="${id}-fault">${problems.join("; ")}</span>`
  }`;
  if (field.check) {
    return html`
      <div
        class="field check"><input type="checkbox" value="yes"${shared}${value !== undefined &&
          trusted(" checked")}><div><label for="${id}">${field.label}</label>${notes}</div></div>
    `;
  }
  const control = field.choices
    ? html`<select${shared}>${
      field.choices.map(([choice, text]) =>
        html`
          <option value="${choice}" ${choice === value && trusted(" selected")}>${text}</option>
        `
      )
    }</select>`
    : html`
      <input${shared} value="${value ?? ""}" ${field.example !== undefined && html`
        placeholder="${field.example}"
      `}${field.required && trusted(" required")} autocomplete="off" autocapitalize="off"
        spellcheck="false">
    `;
  return html`
    <div
      class="field"><label for="${id}">${field.label}${field.required || field.choices ? "" : html`
        <span class="note">optional</span>
      `}</label>${control}${notes}</div>
  `;
}
