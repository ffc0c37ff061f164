import "/assets/more.js"
const css = "/assets/app.css"
