import { createHash } from "node:crypto";

/** The look of all pages: one card, system fonts, light or dark as the reader's device is, large targets, visible focus. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f3f4f6;--card:#fff;--text:#1b1f27;--muted:#545c6b;--line:#c3c8d2;--field:#747d8e;--accent:#1f4fd1;--on-accent:#fff;--alert:#a31621;--alert-page:#fdf0f0;--note-page:#fff6e0}
@media(prefers-color-scheme:dark){:root{--page:#101319;--card:#1a1f29;--text:#eceff5;--muted:#a7b0c0;--line:#4a5364;--field:#8590a3;--accent:#8fb0ff;--on-accent:#0d1a3a;--alert:#ff9a9a;--alert-page:#3a1d21;--note-page:#372d14}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:flex;flex-direction:column;align-items:center;justify-content:center;gap:1rem;padding:1rem;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{width:100%;max-width:26rem;background:var(--card);border:1px solid var(--line);border-radius:.9rem;padding:2rem 1.75rem;box-shadow:0 1px 2px rgba(0,0,0,.06),0 10px 30px rgba(0,0,0,.07)}
.brand{margin:0 0 .25rem;color:var(--muted);font-size:.9rem;overflow-wrap:anywhere}
h1{margin:0 0 1rem;font-size:1.45rem;line-height:1.25;overflow-wrap:anywhere;text-wrap:balance}
p{margin:0 0 1rem;overflow-wrap:anywhere}
.muted{color:var(--muted);font-size:.92rem}
label{display:block;margin:0 0 .3rem;font-weight:600}
input{width:100%;margin:0 0 1.1rem;padding:.7rem .8rem;font:inherit;color:inherit;background:var(--card);border:1px solid var(--field);border-radius:.5rem}
input[aria-invalid]{border-color:var(--alert)}
button{width:100%;min-height:2.9rem;padding:.65rem 1rem;font:inherit;font-weight:600;border-radius:.5rem;border:1px solid var(--accent);background:var(--accent);color:var(--on-accent);cursor:pointer}
button.plain{background:transparent;color:var(--text);border-color:var(--field)}
button.link{width:auto;min-height:0;padding:.2rem;border:0;background:none;color:var(--accent);text-decoration:underline;font-weight:400}
button:hover{filter:brightness(1.07)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
ul{margin:0 0 1.1rem;padding:0;list-style:none;border:1px solid var(--line);border-radius:.5rem}
li{padding:.65rem .8rem;overflow-wrap:anywhere}
li+li{border-top:1px solid var(--line)}
code{font-size:.9em;overflow-wrap:anywhere}
a{color:var(--accent)}
main>:last-child{margin-bottom:0}
footer{font-size:.92rem}
.alert,.note{padding:.7rem .8rem;border-radius:.5rem;border-inline-start:4px solid}
.alert{background:var(--alert-page);color:var(--alert);border-color:var(--alert)}
.note{background:var(--note-page);border-color:#c98a00}
.choices{display:flex;flex-direction:column;gap:.7rem;margin:0 0 1rem}
.who{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:.25rem .75rem;margin:0}
@media(min-width:30rem){.choices{flex-direction:row}}
@media(max-width:29.99rem){body{justify-content:flex-start;padding:.75rem}main{padding:1.4rem 1.15rem}}
`;

/** The source expression that admits this style in a Content-Security-Policy. */
export const STYLE_HASH = `'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`;
