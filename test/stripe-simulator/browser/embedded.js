// In the page that Stripe.js frames: tells the page around it how high it is and when the session is complete.
const main = document.querySelector('main');
const origin = new URLSearchParams(location.search).get('origin');

function tell(type, data) {
  if (origin) parent.postMessage({ source: 'stripe-simulator', type, ...data }, origin);
}

new ResizeObserver(() => tell('height', { height: document.documentElement.scrollHeight })).observe(document.body);
if ('complete' in main.dataset) tell('complete', { returnUrl: main.dataset.returnUrl ?? null });

// A second click while the first is on its way pays nothing twice; the form says that it is busy.
let sent = false;
document.querySelector('form')?.addEventListener('submit', (event) => {
  if (sent) event.preventDefault();
  sent = true;
  main.setAttribute('aria-busy', 'true');
});
