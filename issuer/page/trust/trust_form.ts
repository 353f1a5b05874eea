import type { SetupFault } from "../../../setup/types.ts";
import { type Markup, markup, trusted } from "../markup.ts";
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
  return markup`
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
  const shared = markup`id="${id}" name="${field.name}"${
    described !== "" && markup` aria-describedby="${described}"`
  }${problems.length > 0 && trusted(' aria-invalid="true"')}`;
  const notes = markup`${
    field.hint && markup`<span class="hint" id="${id}-hint">${field.hint}</span>`
  }${
    problems.length > 0 &&
    markup`<span class="fault" id="${id}-fault">${problems.join("; ")}</span>`
  }`;
  const label = markup`<label for="${id}">${field.label}${
    !field.required && !field.choices && !field.check &&
    markup` <span class="note">optional</span>`
  }</label>`;
  if (field.check) {
    const checked = value !== undefined && trusted(" checked");
    return markup`<div class="field check"><input type="checkbox" value="yes" ${shared}${checked}>
<div>${label}${notes}</div></div>`;
  }
  const control = field.choices ? drawChoice(field, { shared, value }) : drawText(field, {
    shared,
    value,
  });
  return markup`<div class="field">${label}${control}${notes}</div>`;
}

interface Control {
  /** Attributes that every control has. */
  readonly shared: Markup;
  readonly value: string | undefined;
}

function drawChoice({ choices = [] }: TrustField, { shared, value }: Control): Markup {
  const options = choices.map(([choice, text]) =>
    markup`<option value="${choice}"${choice === value && trusted(" selected")}>${text}</option>`
  );
  return markup`<select ${shared}>${options}</select>`;
}

function drawText({ example, required }: TrustField, { shared, value }: Control): Markup {
  return markup`<input ${shared} value="${value ?? ""}"${
    example !== undefined && markup` placeholder="${example}"`
  }${required && trusted(" required")} autocomplete="off" autocapitalize="off" spellcheck="false">`;
}
