/** The part of simple-oauth2 5.1.0 that is used here; the package has no types of its own. */
declare module "simple-oauth2" {
  interface Config {
    readonly client: { readonly id: string; readonly secret: string };
    readonly auth: { readonly tokenHost: string };
    readonly options?: { readonly bodyFormat?: "form" | "json"; readonly authorizationMethod?: "header" | "body" };
  }
  interface AccessToken {
    readonly token: Readonly<Record<string, unknown>>;
    refresh(parameters?: object): Promise<AccessToken>;
    revoke(kind: "access_token" | "refresh_token"): Promise<void>;
    revokeAll(): Promise<void>;
  }
  export class ClientCredentials {
    constructor(config: Config);
    getToken(parameters: object): Promise<AccessToken>;
  }
  export class AuthorizationCode {
    constructor(config: Config);
    authorizeURL(parameters: object): string;
    getToken(parameters: object): Promise<AccessToken>;
  }
}
