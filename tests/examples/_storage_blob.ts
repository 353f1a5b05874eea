/** Stands in for `@azure/storage-blob`, of which a page shows where the credential goes. */
export class BlobServiceClient {
  constructor(readonly url: string, readonly credential: { getToken: unknown }) {}
}
