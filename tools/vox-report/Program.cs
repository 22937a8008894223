using VoxMake.Report.Page;
using VoxMake.Report.Sound;
using VoxMake.Tooling;

return new ToolProgram("vox-report", "Shows what became of the data: one page to look at and to listen to.", [new PageVerb()], Ffmpeg.Versions).Run(args);
