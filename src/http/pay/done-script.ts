/** How long the buyer sees the receipt, in seconds, before the script goes on to the shop. */
const COUNTDOWN_SECONDS = 20;

/**
 * The script of the page after Checkout. It shows times in the buyer's time zone, and the print button.
 *
 * While the page waits and is visible, it requests `data-url`: first after 2 s, then less often, at last every 10 s. When
 * the status has changed, it loads the page again. Once the answer has a `continue_url`, the page's link leads there.
 *
 * Where the page has a place for it, a countdown then goes on to that link. The page has room for it at its end from the
 * start, and keeps it, so that it covers no text there and nothing moves. It rests while the page is hidden, and ends for
 * good when the buyer prints, scrolls, selects text, presses anything or moves the focus to a control: the heading, which has
 * it at first, is none. `history.state` remembers it through Back and reload, so that it never runs again. It does not begin
 * for a buyer who wants less motion.
 */
export const DONE_SCRIPT = `(()=>{const d=document,{url,status,refresh}=d.currentScript.dataset,f=s=>d.querySelector(s),lang=d.documentElement.lang,b=f('[data-print]'),go=f('[data-go]'),bar=f('.leaving');
for(const t of d.querySelectorAll('time'))t.textContent=new Date(t.dateTime).toLocaleString(lang,{calendar:'gregory',day:'numeric',month:'long',year:'numeric',hour:'numeric',minute:'2-digit',timeZoneName:'short'});
if(b){b.hidden=false;b.onclick=()=>print()}
let over=!bar||history.state==='stay'||matchMedia('(prefers-reduced-motion:reduce)').matches;
const time=new Intl.RelativeTimeFormat(lang),end=()=>{if(over)return;over=true;const at=d.activeElement,lost=at===d.body||bar.contains(at);bar.hidden=true;f('[data-say]').textContent='';if(lost)f('h1').focus({preventScroll:true})},
count=()=>{if(over)return;history.replaceState('stay','');bar.hidden=false;
let left=${COUNTDOWN_SECONDS};const tick=()=>{if(over)return;if(!d.hidden){if(!left){end();return location.assign(go.href)}
f('[data-when]').textContent=time.format(left,'second');if(left--===${COUNTDOWN_SECONDS - 1})f('[data-say]').textContent=f('.leaving p').textContent}setTimeout(tick,1e3)};tick()};
if(!over){bar.hidden=false;f('[data-when]').textContent=time.format(${COUNTDOWN_SECONDS},'second');d.body.style.setProperty('--below','calc('+bar.offsetHeight+'px + 1rem)');bar.hidden=true;for(const e of['click','keydown','wheel','touchmove','beforeprint','pagehide'])addEventListener(e,end);addEventListener('focusin',e=>e.target.tabIndex<0||end());d.addEventListener('selectionchange',()=>getSelection().isCollapsed||end())}
let wait=2e3;const ask=async()=>{try{if(!d.hidden){const r=await fetch(url,{cache:'no-store'});if(r.ok){const{data:n}=await r.json();if(n.status!==status)return location.replace(refresh);if(n.continue_url&&go){go.href=n.continue_url;go.removeAttribute('role');go.removeAttribute('aria-disabled');return count()}}}}catch{}
wait=Math.min(wait*1.25,1e4);setTimeout(ask,wait)};
if(url)setTimeout(ask,wait);else count()})()`;
