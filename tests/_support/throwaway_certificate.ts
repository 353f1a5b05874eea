/** A certificate for 127.0.0.1 by a CA that lives as long as the test. */
export interface ThrowawayCertificate extends AsyncDisposable {
  readonly caPath: string;
  readonly cert: string;
  readonly key: string;
}

const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** Makes one with openssl. */
export async function throwawayCertificate(): Promise<ThrowawayCertificate> {
  const dir = await Deno.makeTempDir();
  const at = (name: string) => `${dir}/${name}`;
  const openssl = async (...args: string[]) => {
    const { success, stderr } = await new Deno.Command("openssl", { args }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  };
  await openssl(
    ...["req", "-x509", ...curve, "-days", "1", "-subj", "/CN=throwaway CA"],
    ...["-keyout", at("ca.key"), "-out", at("ca.pem")],
  );
  await openssl(
    ...["req", "-x509", ...curve, "-days", "1", "-subj", "/CN=127.0.0.1"],
    ...["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"],
    ...["-addext", "basicConstraints=critical,CA:FALSE"],
    ...[
      "-CA",
      at("ca.pem"),
      "-CAkey",
      at("ca.key"),
      "-keyout",
      at("key.pem"),
      "-out",
      at("cert.pem"),
    ],
  );
  return {
    caPath: at("ca.pem"),
    cert: await Deno.readTextFile(at("cert.pem")),
    key: await Deno.readTextFile(at("key.pem")),
    [Symbol.asyncDispose]: () => Deno.remove(dir, { recursive: true }),
  };
}
