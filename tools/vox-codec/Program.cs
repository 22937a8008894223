using VoxMake.CodecTool;
using VoxMake.Tooling;

return new ToolProgram(
    "vox-codec",
    "Turns clips into what a language model for speech learns from: codes of a neural codec, and examples of text and codes.",
    [new EncodeVerb(), new TokenizeVerb()],
    verb => verb == "tokenize" ? new Dictionary<string, string>() : TorchVersions.Read()).Run(args); // examples are made without a network
