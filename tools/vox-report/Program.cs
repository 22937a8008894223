using VoxMake.Report.Card;
using VoxMake.Report.Page;
using VoxMake.Report.Sound;
using VoxMake.Tooling;

return new ToolProgram(
    "vox-report",
    "Shows what became of the data and the voice: a page to look at and to listen to, and a model card.",
    [new PageVerb(), new CardVerb()],
    verb => verb == "card" ? new Dictionary<string, string>() : Ffmpeg.Versions()).Run(args); // only pages have players
