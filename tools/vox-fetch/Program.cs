using VoxMake.Fetch;
using VoxMake.Tooling;

return new ToolProgram("vox-fetch", "Brings recordings and their transcripts together.", [new FolderVerb()], _ => new Dictionary<string, string>()).Run(args);
