// Loaded at the top of the body, before anything is drawn, so that the page does not jump when the scripts start.
document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '')
