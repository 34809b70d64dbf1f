// A sound and a notice when something comes in: only where somebody switched them on, on this device alone. A notice says
// nothing of the service or of anybody.

const byId = (id) => document.getElementById(id);
const kept = (name) => localStorage.getItem(name) === "on";
const SOUND = "queue-sound";
const NOTICE = "queue-notice";
let audio;

export function call() {
  if (kept(SOUND)) ring();
  if (kept(NOTICE) && window.Notification?.permission === "granted") {
    const notice = new Notification("Harbour", { body: "Something is waiting", tag: "waiting", renotify: true });
    notice.addEventListener("click", () => {
      window.focus();
      notice.close();
    });
  }
}

/** Two soft notes, made here. */
function ring() {
  audio ??= new AudioContext();
  audio.resume();
  [523.25, 659.25].forEach((pitch, place) => {
    const tone = new OscillatorNode(audio, { frequency: pitch });
    const level = new GainNode(audio, { gain: 0 });
    const start = audio.currentTime + place * 0.22;
    level.gain.setValueAtTime(0, start);
    level.gain.linearRampToValueAtTime(0.2, start + 0.02);
    level.gain.exponentialRampToValueAtTime(0.001, start + 0.6);
    tone.connect(level).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.65);
  });
}

async function setNotice(box) {
  if (box.checked && Notification.permission !== "granted" && (await Notification.requestPermission()) !== "granted") {
    box.checked = false;
    byId("call-words").textContent = "This browser does not allow notices here. You can change that in its settings.";
  }
  localStorage.setItem(NOTICE, box.checked ? "on" : "off");
}

function show() {
  const sound = byId("call-sound");
  const notice = byId("call-notice");
  sound.checked = kept(SOUND);
  notice.checked = kept(NOTICE) && window.Notification?.permission === "granted";
  notice.disabled = !window.Notification;
  sound.addEventListener("change", () => {
    localStorage.setItem(SOUND, sound.checked ? "on" : "off");
    if (sound.checked) ring();
  });
  notice.addEventListener("change", () => setNotice(notice));
  byId("calling").hidden = false;
}

if (byId("calling")) show();
