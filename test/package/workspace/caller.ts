// Another package of the workspace, which has the declarations alone: it knows as much as if it had the sources.
import type { Api } from "./shop.js";
import type { bulk, execute, failed } from "./server.js";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Compiles only when both are the same type. */
function same<A, B>(_proof: Same<A, B>) {}

same<Api["shop/told"]["params"], { readonly text: string; readonly left?: number; readonly none: number | null; readonly usual?: boolean; readonly days: readonly { readonly day: string; readonly at: string; readonly pin: string }[]; readonly price: string | number; readonly mood: "good" | "bad"; readonly who: string }>(true);
same<Api["shop/told"]["result"], { readonly message: string; readonly data: { who: string; at: string } }>(true);
same<Api["shop/put"]["id"], number>(true);
same<Api["shop/put"]["result"]["data" & keyof Api["shop/put"]["result"]], { readonly id: number; readonly title: string; readonly at: string | null }>(true);
same<Awaited<ReturnType<typeof execute>>, Api["shop/got"]["result"] & { readonly replayed?: true }>(true);
same<Api["shop/seen"]["result"], { readonly message: string; readonly data: { readonly id: string; readonly title: string; readonly at: string } }>(true);
same<Api["shop/sent"]["id"], string>(true);
same<Api["shop/begun"]["result"], { readonly workflow_id: string }>(true);
same<Api["shop/mixed"]["params"], { n: string }>(true);
same<Api["shop/mixed"]["result"], { readonly message: string } | { readonly workflow_id: string } | { readonly message: string; readonly data: { three: number } } | {}>(true);
same<Api["shop/pay"]["result"]["data"], { readonly id: number; readonly title: string; readonly by: "card"; readonly digits: string } | { readonly id: number; readonly title: string; readonly by: "cash"; readonly cents: number }>(true);
same<Api["shop/forget"], { readonly id: string; readonly params: {}; readonly result: {}; readonly errors: never }>(true);
same<Api["shop/declared"]["errors"], { readonly code: "shipped"; readonly details: { readonly at: string } } | { readonly code: "busy"; readonly details: undefined }>(true);
same<Extract<NonNullable<ReturnType<typeof failed>>, { readonly code: "shipped" }>["details"], { readonly at: string } | undefined>(true);
same<Extract<Awaited<typeof bulk>["results"][number], { readonly success: true }>["data"], { readonly rows: readonly { readonly at: string }[] }>(true);
