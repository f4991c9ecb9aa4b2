// Everything that every page has. Pages work without it; libraries for single pages stand in their scripts block.
import "./theme.js";
import "./popovers.js";
import "./dialogs.js";
import "./toasts.js";
import "./tabs.js";
import "./selection.js";
import "./palette.js";
import "./shortcuts.js";
import "./inline_edit.js";
import "./lists.js";
import "./columns.js";
import "./requests.js";
import "./widgets.js";
import "./mentions.js";
import "./offline.js";
