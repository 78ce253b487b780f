import { DEFAULT_BUTTON, PAPER } from './button-colours.ts';

/**
 * The style sheet of every page, written to be small: it travels inside each answer. Tokens first; every text pair of
 * both schemes is at least 4.5:1, every boundary of a control at least 3:1 (WCAG 2.2, 1.4.3 and 1.4.11). Logical
 * properties throughout: right-to-left needs one rule of its own, for names that stand as blocks in their own direction.
 */
export const PAY_STYLE = `:root{color-scheme:light dark;--ink:#14171f;--soft:#545b6b;--paper:${PAPER.light};--ground:#f2f3f6;--tint:#fafbfc;--line:#e1e4ea;--field:#80889a;--focus:#1d4ed8;--ok:#0b7a48;--ok-bg:#e4f5ec;--warn:#7a4b00;--warn-bg:#fff3d1;--bad:#b3261e;--button:${DEFAULT_BUTTON};--button-ink:#fff;--edge:var(--button);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
@media(prefers-color-scheme:dark){:root{--ink:#f1f3f8;--soft:#a8b0c0;--paper:${PAPER.dark};--ground:#0f1116;--tint:#161921;--line:#2e3340;--field:#737c90;--focus:#8ab4ff;--ok:#58d39b;--ok-bg:#12301f;--warn:#ffd980;--warn-bg:#382b0a;--bad:#ff9d94;--button:#f1f3f8;--button-ink:#14171f}}
*{box-sizing:border-box;margin:0}
[hidden]{display:none!important}
body{background:var(--ground);color:var(--ink);min-block-size:100vh;min-block-size:100dvh;display:grid;grid-template:auto 1fr auto/minmax(0,27rem);justify-content:center;gap:1rem;padding:max(1rem,env(safe-area-inset-top)) 1rem max(1rem,env(safe-area-inset-bottom));-webkit-text-size-adjust:100%;text-size-adjust:100%}
main{grid-row:2;align-self:center;min-inline-size:0;overflow:hidden;background:var(--paper);border:1px solid var(--line);border-radius:1.25rem;box-shadow:0 1px 2px #0000000a,0 1.25rem 2.5rem -1.5rem #00000038;overflow-wrap:anywhere;--pad:clamp(1.125rem,6vw,2rem)}
.body{padding:var(--pad)}
.sandbox{grid-row:1;background:var(--warn-bg);color:var(--warn);border-radius:.75rem;padding:.5rem 1rem;font-size:.875rem;font-weight:600;text-align:center}
.from{display:flex;align-items:center;gap:.75rem;padding:.875rem var(--pad);border-block-end:1px solid var(--line);font-size:.9375rem;font-weight:600;line-height:1.35}
.from bdi{display:block;text-align:left}
[dir=rtl] .from bdi{text-align:right}
.subject{color:var(--soft);font-weight:400}
.mark{flex:none;inline-size:2.5rem;block-size:2.5rem;border-radius:.75rem;display:grid;place-items:center;overflow:hidden;font-weight:700;background:var(--ground);color:var(--ink);border:1px solid var(--line)}
h1{font-size:1.375rem;line-height:1.3;letter-spacing:-.01em;text-wrap:balance}
h1.long{font-size:1.125rem;letter-spacing:0}
.badge+h1{margin-block-start:1.25rem}
h1+.note{margin-block-start:.375rem}
.note+.note{margin-block-start:.75rem}
:lang(ar) h1,:lang(ja) h1,:lang(ar) .sum,:lang(ja) .sum{letter-spacing:0}
.note{color:var(--soft);white-space:pre-line}
.sum{font-size:clamp(2.25rem,12vw,3.25rem);font-weight:700;letter-spacing:-.03em;line-height:1.15;font-variant-numeric:tabular-nums;margin-block-start:1.25rem}
.sum.long{font-size:clamp(1.5rem,8vw,2.125rem)}
.notice{display:flex;gap:.625rem;background:var(--warn-bg);color:var(--warn);border-radius:.75rem;padding:.75rem 1rem;font-size:.9375rem;margin-block-end:1.25rem}
.calm{background:var(--ground);color:var(--ink)}
.notice svg,.trust svg,.error svg{flex:none;margin-block-start:.15em}
form{display:grid;grid-template-columns:minmax(0,1fr);gap:1.25rem;margin-block-start:1.5rem}
fieldset{border:0;padding:0;min-inline-size:0}
label,legend{font-weight:600;font-size:.9375rem}
legend{padding:0;margin-block-end:.5rem}
.chips{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:.5rem}
.chips.three{grid-template-columns:repeat(3,minmax(0,1fr))}
.other{grid-column:1/-1}
.chip{position:relative;font-size:1.0625rem;font-variant-numeric:tabular-nums;cursor:pointer}
.chip input{appearance:none;position:absolute;inset:0;border-radius:.75rem;cursor:pointer}
.chip span{display:grid;place-items:center;min-block-size:3rem;padding:.375rem .5rem;text-align:center;border:1px solid var(--field);border-radius:.75rem}
.chip :checked+span{border-color:var(--ink);outline:2px solid var(--ink);outline-offset:-2px;background:var(--ground)}
.chip :focus-visible+span{outline:3px solid var(--focus);outline-offset:2px}
.field{display:grid;grid-template-columns:minmax(0,1fr);gap:.375rem}
.money{display:flex;align-items:center;gap:.5rem;border:1px solid var(--field);border-radius:.875rem;padding-inline:1rem;font-size:1.75rem;font-weight:700;color:var(--soft)}
.money input{flex:1;inline-size:0;min-inline-size:0;border:0;background:none;color:var(--ink);font:inherit;font-variant-numeric:tabular-nums;padding-block:.625rem;outline:0}
.money:focus-within{outline:3px solid var(--focus);outline-offset:1px}
.bad{border:2px solid var(--bad)}
.error{display:flex;gap:.375rem;color:var(--bad);font-size:.9375rem;font-weight:600}
.hint,.trust,footer{color:var(--soft);font-size:.875rem}
.pay{display:grid;place-items:center;inline-size:100%;min-block-size:3.5rem;padding:.5rem 1rem;border:1px solid var(--edge);border-radius:.875rem;background:var(--button);color:var(--button-ink);font:inherit;font-size:1.125rem;font-weight:700;text-align:center;text-decoration:none;cursor:pointer;font-variant-numeric:tabular-nums}
.pay:disabled{opacity:.65;cursor:progress}
.quiet{background:none;color:var(--ink);border-color:var(--field);min-block-size:3rem;font-size:1rem}
:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.trust{display:grid;gap:.5rem;list-style:none;padding:1rem var(--pad);background:var(--tint);border-block-start:1px solid var(--line)}
.trust li{display:flex;gap:.625rem}
.more{border-block-start:1px solid var(--line);margin-block-start:1.25rem;padding-block-start:1.25rem}
footer{grid-row:3;display:flex;flex-wrap:wrap;justify-content:center;align-items:center;column-gap:1.25rem}
footer a{color:inherit;padding-block:.75rem}
.badge{display:grid;place-items:center;inline-size:3.5rem;block-size:3.5rem;border-radius:50%;background:var(--ground);color:var(--soft)}
.good{background:var(--ok-bg);color:var(--ok)}
dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.625rem 1rem;border-block-start:1px solid var(--line);padding-block-start:1.25rem;margin-block-start:1.25rem;font-size:.9375rem}
dt{color:var(--soft)}
dd{text-align:end;text-wrap:balance;font-variant-numeric:tabular-nums}
time{display:block;text-wrap:wrap}
dd.total{font-size:1.125rem;font-weight:700}
.next{display:grid;gap:.75rem;margin-block-start:1.5rem}
.next:empty{display:none}
.print{display:none}
.vh{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.wait{position:relative}
.wait::after{content:"";position:absolute;inset:0;border:3px solid #0000;border-block-start-color:var(--focus);border-radius:50%;animation:wait 1.2s linear infinite}
@keyframes wait{to{rotate:1turn}}
@media(scripting:enabled){.other{display:none}}
@media(scripting:none){form:has(.chip:not(.other) :checked) .field{display:none}}
@media(prefers-reduced-motion:reduce){.wait::after{animation-duration:9s}}
@media(hover:hover){.chip:hover span{background:var(--ground)}.pay:hover{box-shadow:0 .375rem 1rem -.375rem #0000004d}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#333;--paper:#fff;--ground:#fff;--tint:#fff;--line:#999;--ok:#000;--ok-bg:#fff;--warn:#000;--warn-bg:#fff}body{display:block;min-block-size:0}.sandbox,main{margin-block-end:1rem}main{box-shadow:none;max-inline-size:32rem;margin-inline:auto}form,.trust,.next,.notice,footer a{display:none!important}.badge{border:2px solid}.print{display:block;margin-block-start:1.5rem;text-align:center}.print img{inline-size:14rem;block-size:14rem}}`;
