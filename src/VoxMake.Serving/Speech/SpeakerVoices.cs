using VoxMake.Models;
using VoxMake.Models.Orpheus;

namespace VoxMake.Serving.Speech;

/// <summary>The voices that clients of a speaking model may ask for: those that are named, else those of its folder.</summary>
public static class SpeakerVoices
{
    /// <exception cref="ModelException">There are none, or they make no sense; the file and the voice are named.</exception>
    public static IReadOnlyList<NamedVoice> Of(IReadOnlyList<string>? named, string folder) =>
        named is { Count: > 0 } ? VoicesFile.Checked([.. named.Select(name => new NamedVoice(name, name))], "--voices")
        : VoicesFile.Read(ModelFiles.InFolder(folder))
            ?? throw new ModelException($"{Path.Combine(folder, VoicesFile.Name)}: there is none; name the voices that the model was trained on with --voices tara,leo, or in that file");
}
