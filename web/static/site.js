// What pages do better with a script; every task works without it.
document.querySelector('.err')?.focus();

for (const form of document.querySelectorAll('form[method=post]')) {
  let typed = false;
  form.addEventListener('input', () => { typed = true; });
  addEventListener('beforeunload', (event) => { if (typed) event.preventDefault(); });
  form.addEventListener('submit', (event) => {
    typed = false;
    // One click, one act. A pressed button must still be sent, so it is switched off afterwards.
    setTimeout(() => { if (event.submitter) event.submitter.disabled = true; });
  });
}
// Back to a page that the browser kept: its buttons work again.
addEventListener('pageshow', () => {
  for (const button of document.querySelectorAll('button[type=submit]')) button.disabled = false;
});
