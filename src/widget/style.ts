/**
 * The CSS of the button and the dialog. Sizes are in pixels, because the font size of the page is not known. The text of
 * the button is 19 px and bold, because the merchant's colours may have a contrast of only 3:1. On screens up to 600 px
 * wide the dialog fills the screen. On others it grows downwards only, so that nothing moves when the form appears. The
 * frame begins behind the close button, and leaves 44 px free for it. `--b` and `--t` are the merchant's colours for the
 * button and its text. The class of the dialog is the state of the checkout.
 */
export const STYLE = `:host{all:initial;color-scheme:inherit;display:inline-block;max-width:100%}:host([hidden]){display:none}
button,a{box-sizing:border-box;min-height:44px;padding:10px 24px;border:1px solid #8888;border-radius:12px;background:var(--b);color:var(--t);font:700 19px system-ui;overflow-wrap:anywhere;cursor:pointer;outline-offset:2px}
:focus-visible{outline:3px solid #36f}
bdi{display:block}
dialog{width:480px;max-height:90vh;margin-top:5vh;padding:0;border:0;border-radius:12px;background:light-dark(#fff,#1a1d25)}
dialog div{display:flex;flex-direction:column;height:100%;min-height:min(560px,90vh);font:16px/1.5 system-ui}
::backdrop{background:#0009}
dialog button{position:sticky;top:0;width:44px;padding:0;border:0;font-size:24px;align-self:end;background:light-dark(#fff,#1a1d25);color:inherit}
iframe{border:0;width:100%;height:320px;flex:1 0 auto;margin-top:-44px}
a,p{display:none;margin:auto 24px;text-align:center}
.link a,.wait p{display:block}
.wait p{position:absolute;inset:0;height:fit-content}
p:before{content:"";display:block;width:50px;height:50px;margin:0 auto 16px;border:3px solid #8883;border-top-color:#36f;border-radius:50%;animation:w 1.2s linear infinite}
@keyframes w{to{rotate:1turn}}
.wait iframe{visibility:hidden}
@media(max-width:600px){dialog{width:100%;max-width:100%;height:100%;max-height:100%;margin:0;border-radius:0}}
@media(prefers-reduced-motion){p:before{animation-duration:9s}}`;
