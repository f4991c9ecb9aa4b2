// The device knows its time zone better than the server guesses it. What was chosen by hand stays.
const select = document.querySelector("[data-guess-time-zone] [name=time_zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const wrong = document.querySelector("[data-guess-time-zone] [aria-invalid=true]");

if (select && zone && !wrong && select.querySelector(`option[value="${CSS.escape(zone)}"]`)) select.value = zone;
