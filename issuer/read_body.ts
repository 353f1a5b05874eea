/** Most bytes of a request body. */
export const maxBodyBytes = 65_536;

/** Milliseconds within which a body must have arrived. */
export const bodyDeadline = 5_000;

/** Why a body was not read. */
export class BodyError extends Error {
  override readonly name = "BodyError";
  readonly code: "too_large" | "timeout" | "malformed";
  constructor(code: "too_large" | "timeout" | "malformed", message: string) {
    super(message);
    this.code = code;
  }
}

/** Reads a body with a cap on its size and its time (threat 46). */
export async function readBody(
  request: Request,
  { deadline = bodyDeadline }: { deadline?: number } = {},
): Promise<Uint8Array> {
  const announced = request.headers.get("content-length");
  if (announced !== null && Number(announced) > maxBodyBytes) throw tooLarge();
  if (request.body === null) return new Uint8Array();
  const reader = request.body.getReader();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new BodyError("timeout", "Cannot read the body: it came too slowly")),
      deadline,
    );
  });
  try {
    return await Promise.race([collect(reader), late]);
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error instanceof BodyError
      ? error
      : new BodyError("malformed", "Cannot read the body: it broke off");
  } finally {
    clearTimeout(timer);
  }
}

async function collect(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (size > maxBodyBytes) throw tooLarge();
    chunks.push(next.value);
  }
  if (chunks.length === 1) return chunks[0]!;
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

function tooLarge(): BodyError {
  return new BodyError("too_large", `Cannot read the body: it has more than ${maxBodyBytes} bytes`);
}

/** The media type of a body without its parameters, in lower case; empty where none is named. */
export function mediaType(request: Request): string {
  const [type = ""] = (request.headers.get("content-type") ?? "").split(";");
  return type.trim().toLowerCase();
}
