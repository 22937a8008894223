namespace VoxMake.Text.Espeak;

/// <summary>A voice of espeak-ng: the rules of a language and the sound that goes with them.</summary>
/// <param name="Language">The language it is best for, in lower case: <c>de</c>, <c>en-us</c>, <c>vi-vn-x-central</c>.</param>
/// <param name="Name">For people: <c>English (America)</c>.</param>
/// <param name="File">By which it is loaded: <c>gmw/en-US</c>.</param>
/// <param name="Languages">All that it may be used for; a lower priority is better.</param>
public sealed record EspeakVoice(string Language, string Name, string File, IReadOnlyList<(string Language, int Priority)> Languages);
