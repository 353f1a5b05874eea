/** The only style sheet; it stands in every page, and its hash in every policy. */
export const style = `
:root{color-scheme:light dark;--bg:#f6f6f3;--card:#fff;--sunk:#f0f0ec;--text:#1d1d1b;--muted:#5d5c58;--line:#dddcd6;--strong:#85837c;--link:#1d4ed8;--accent:#1d4ed8;--on-accent:#fff;--good:#14713f;--good-bg:#e3f3e9;--bad:#b3261e;--bad-bg:#fbe9e7;--warn:#7a5200;--warn-bg:#fdf2d8;--planned:#2a5bd0;--planned-bg:#e4ebfb;--retired:#7d6b3f}
@media (prefers-color-scheme:dark){:root{--bg:#131315;--card:#1c1c1f;--sunk:#242428;--text:#ededf0;--muted:#a9a8b0;--line:#34343a;--strong:#7c7b85;--link:#9db8ff;--accent:#9db8ff;--on-accent:#10131c;--good:#5fd497;--good-bg:#16301f;--bad:#ff9b92;--bad-bg:#3a1b19;--warn:#f0c05a;--warn-bg:#33280f;--planned:#8faeff;--planned-bg:#1b2440;--retired:#b8a675}}
*{box-sizing:border-box}
[hidden]{display:none!important}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--bg);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
a{color:var(--link);text-underline-offset:.15em}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:4px}
.skip{position:absolute;left:-99rem;background:var(--card);padding:.5rem 1rem;z-index:2}
.skip:focus{left:.5rem;top:.5rem}
.top{background:var(--card);border-bottom:1px solid var(--line)}
.bar,main,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
.bar{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:center;padding-top:.7rem;padding-bottom:.7rem}
.brand{display:flex;align-items:center;gap:.6rem;font-weight:650;color:inherit;text-decoration:none;margin-right:auto}
.brand svg{width:1.6rem;height:1.6rem;color:var(--accent)}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;list-style:none;margin:0;padding:0}
#console>nav{border-bottom:1px solid var(--line);margin:0 0 1.4rem}
#console>nav li:last-child{margin-left:auto}
nav a,nav button{color:var(--muted);text-decoration:none;display:inline-block;padding:.3rem 0}
nav a:hover{color:var(--text);text-decoration:underline}
nav a[aria-current]{color:var(--text);font-weight:600;box-shadow:inset 0 -2px var(--accent)}
main{padding-top:2rem;padding-bottom:3rem}
main:focus,h1:focus{outline:none}
footer{color:var(--muted);font-size:.875rem;padding-bottom:2rem}
h1{font-size:clamp(1.5rem,5vw,2.1rem);line-height:1.2;letter-spacing:-.015em;margin:0 0 .6rem;overflow-wrap:anywhere}
h2{font-size:1.25rem;line-height:1.3;margin:0 0 .5rem}
h4{font-size:1rem;margin:1rem 0 .4rem}
h3{font-size:1rem;margin:1.5rem 0 .4rem}
p{margin:.4rem 0 .8rem}
.lead{font-size:1.08rem;color:var(--muted);max-width:44rem}
.note{color:var(--muted);font-size:.9rem}
.eyebrow{display:flex;flex-wrap:wrap;gap:.4rem .8rem;align-items:center;margin:0 0 .6rem;color:var(--muted)}
section,.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.4rem 1.5rem;margin:1.25rem 0}
section section{border:0;padding:0;border-radius:0}
section .card{margin:.8rem 0;padding:1rem 1.1rem;border-radius:10px;background:var(--bg)}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
code,li{overflow-wrap:anywhere}
section ul:not([class]){padding-left:1.3rem}
th code:not(.kid){overflow-wrap:break-word}
pre{margin:.4rem 0;padding:.9rem 1rem;background:var(--sunk);border-radius:8px;overflow:auto;max-height:26rem;line-height:1.5;font-size:.82rem;tab-size:2}
.copyable{position:relative}
.copyable>button{position:absolute;top:.45rem;right:.45rem}
.copyable>pre{padding-right:5.2rem}
.wrap pre{white-space:pre-wrap;overflow-wrap:anywhere}
.badge{display:inline-block;padding:.1rem .6rem;border-radius:99px;font-size:.8rem;font-weight:600;line-height:1.5;border:1px solid currentColor;white-space:nowrap}
.good{color:var(--good);background:var(--good-bg)}
.bad{color:var(--bad);background:var(--bad-bg)}
.warn{color:var(--warn);background:var(--warn-bg)}
.planned{color:var(--planned);background:var(--planned-bg)}
.quiet{color:var(--muted);background:var(--sunk)}
.box{border:1px solid currentColor;border-radius:8px;padding:.7rem .9rem;margin:.8rem 0}
.box :is(p,ul,h2,h3,code,li,td,th){color:inherit}
.box p:first-child{margin-top:0}
.box p:last-child,.box ul:last-child{margin-bottom:0}
.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,12.5rem),1fr));gap:.9rem 1.5rem;margin:1rem 0 0}
section>.facts:first-child,form>fieldset:first-of-type{margin-top:0}
.roomy.facts,.card .facts{grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr))}
.card h4:first-child{margin-top:0}
.facts div{min-width:0}
dt{color:var(--muted);font-size:.85rem}
dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto;margin:0 -.25rem;padding:0 .25rem}
table{border-collapse:collapse;width:100%;font-size:.92rem}
table+table{margin-top:1.5rem}
caption{text-align:left;color:var(--muted);font-size:.85rem;padding-bottom:.3rem}
th,td{text-align:left;padding:.55rem 1rem .55rem 0;border-bottom:1px solid var(--line);vertical-align:top}
th:last-child,td:last-child{padding-right:0}
th{font-weight:600;font-size:.84rem;color:var(--muted)}
tbody th{color:inherit;font-size:inherit}
tr:last-child>*{border-bottom:0}
time,.nowrap{white-space:nowrap}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,9rem),1fr));gap:.75rem;list-style:none;margin:1rem 0 0;padding:0}
.cards a{display:block;height:100%;padding:.8rem .95rem;border:1px solid var(--line);border-radius:10px;color:inherit;text-decoration:none}
.cards a:hover{border-color:var(--accent)}
.cards a[aria-current]{border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.cards strong{display:block}
.cards span{color:var(--muted);font-size:.86rem}
.fields{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,17rem),1fr));gap:1rem 1.5rem;align-items:start}
.fields+div{margin-top:1.3rem}
.field{min-width:0}
.wide{grid-column:1/-1}
label,legend{font-weight:600;font-size:.92rem}
fieldset{border:0;padding:0;margin:1.2rem 0;min-width:0}
legend{padding:0;margin-bottom:.5rem;font-size:1rem}
.hint{display:block;margin-top:.25rem;color:var(--muted);font-size:.84rem;font-weight:400}
.fault{display:block;color:var(--bad);font-size:.88rem;font-weight:600;margin-top:.25rem}
input:not([type=checkbox]),select,textarea{display:block;width:100%;margin-top:.25rem;padding:.5rem .65rem;font:inherit;color:inherit;background:var(--bg);border:1px solid var(--strong);border-radius:8px}
textarea,input.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.88rem}
select{min-height:2.7rem}
textarea{resize:vertical;min-height:4.5rem;overflow-wrap:anywhere}
[aria-invalid=true]{border-color:var(--bad)!important}
.check{display:flex;gap:.6rem;align-items:baseline}
.check input{width:1.05rem;height:1.05rem;flex:none;accent-color:var(--accent)}
button,.button{font:inherit;font-weight:600;font-size:.92rem;padding:.5rem 1.05rem;border-radius:8px;border:1px solid var(--strong);background:var(--card);color:inherit;cursor:pointer;text-decoration:none;display:inline-block}
button:hover,.button:hover{border-color:var(--text)}
button.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
button.danger{color:var(--bad);border-color:var(--bad)}
button.small{padding:.15rem .6rem;font-size:.82rem}
button.link{border:0;background:none;padding:.3rem 0;font-weight:400;font-size:1rem}
::placeholder{color:var(--muted);font-style:italic;opacity:.8}
button:disabled{opacity:.55;cursor:not-allowed}
.actions{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center;margin-top:1rem}
.spread{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:center;justify-content:space-between}
details{margin:.7rem 0}
summary{cursor:pointer;font-weight:600;padding:.2rem 0}
td details{margin:0}
td summary{padding:0;font-weight:400}
.kid{display:inline-block;min-width:min(100%,12rem);font-weight:400}
details.call summary{font-weight:400;color:var(--muted);font-size:.86rem}
dialog{color:inherit;background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.4rem 1.5rem;max-width:min(36rem,calc(100vw - 2rem));width:100%}
dialog::backdrop{background:#0009}
.timeline{display:block;width:100%;margin:1rem 0 .4rem;overflow:visible}
.timeline text{font-size:12px;fill:var(--muted);font-family:inherit}
.timeline .name{fill:var(--text);font-size:13px;paint-order:stroke;stroke:var(--card);stroke-width:5px;stroke-linejoin:round}
.timeline .grid{stroke:var(--line)}
.timeline .now{stroke:var(--text);stroke-width:1.5}
.timeline .now-label{fill:var(--text);font-weight:600}
.timeline .published,.legend .published{fill:var(--planned-bg);stroke:var(--planned);stroke-width:1.5;stroke-dasharray:4 3}
.timeline .active,.legend .active{fill:var(--good)}
.timeline .retired,.legend .retired{fill:url(#hatch);stroke:var(--retired);stroke-width:1}
.hatch{stroke:var(--retired);stroke-width:2.5}
.timeline .compromised,.legend .compromised{fill:var(--bad-bg);stroke:var(--bad);stroke-width:2}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.3rem;list-style:none;margin:.6rem 0 1.2rem;padding:0;font-size:.88rem}
.legend svg{width:1.7rem;height:.75rem;margin-right:.45rem;vertical-align:-.05rem}
@media (max-width:34rem){section{padding:1.1rem 1rem;margin:1rem 0}.bar,main,footer{padding-left:1rem;padding-right:1rem}main{padding-top:1.4rem}#console>nav ul{gap:.25rem .6rem;font-size:.94rem}#console>nav button.link{font-size:inherit}.copyable>pre{padding-right:1rem;padding-top:2.9rem}table.stack thead{position:absolute;left:-999rem}table.stack,table.stack caption,table.stack tbody,table.stack tr,table.stack td,table.stack th{display:block}table.stack tr{padding:.7rem 0;border-bottom:1px solid var(--line)}table.stack tr:last-child{border-bottom:0}table.stack td,table.stack tbody th{border:0;padding:.12rem 0}table.stack td[data-label]::before{content:attr(data-label) ": ";color:var(--muted);font-size:.86em}}
@media (prefers-reduced-motion:no-preference){a,button{transition:border-color .12s}}
@media (forced-colors:active){.timeline .active{fill:CanvasText}.badge{forced-color-adjust:none}}
`;
