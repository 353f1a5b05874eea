/** Answers in AWS's own shapes. */

/** An error of STS, thrown to be answered. */
export class StsFault extends Error {
  constructor(readonly code: string, readonly text: string, readonly status = 400) {
    super(`${code}: ${text}`);
  }
}

export const invalidToken = (text: string): StsFault => new StsFault("InvalidIdentityToken", text);
export const notValidated = (): StsFault =>
  invalidToken(
    "The web identity token provided could not be validated. See the AssumeRoleWithWebIdentity documentation",
  );
export const noKey = (): StsFault =>
  invalidToken(
    "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
  );
export const validation = (text: string): StsFault => new StsFault("ValidationError", text);
export const denied = (action: string): StsFault =>
  new StsFault("AccessDenied", `Not authorized to perform sts:${action}`, 403);

const namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    "\n",
    "&#xA;",
  );
}

export function stsError(fault: StsFault): Response {
  const type = fault.status >= 500 ? "Receiver" : "Sender";
  const xml = `<ErrorResponse xmlns="${namespace}">
  <Error>
    <Type>${type}</Type>
    <Code>${fault.code}</Code>
    <Message>${escapeXml(fault.text)}</Message>
  </Error>
  <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
</ErrorResponse>`;
  return xmlResponse(xml, fault.status);
}

export function stsResult(action: string, inner: string): Response {
  return xmlResponse(
    `<${action}Response xmlns="${namespace}">
  <${action}Result>
${inner}
  </${action}Result>
  <ResponseMetadata><RequestId>ad4156e9-bce1-11e2-82e6-6b6efEXAMPLE</RequestId></ResponseMetadata>
</${action}Response>`,
    200,
  );
}

function xmlResponse(xml: string, status: number): Response {
  return new Response(xml, { status, headers: { "content-type": "text/xml" } });
}
