using System.Runtime.CompilerServices;
using System.Threading.Channels;
using VoxMake.Models.Llama;
using VoxMake.Serving.Api;
using VoxMake.Serving.Engine;

namespace VoxMake.Serving.Speech;

/// <summary>Speaks with the engine that writes all texts: <see cref="Speaking.OrpheusVoice"/> says what is to be written, and makes sound of it on one thread for all who listen.</summary>
internal sealed class Speaker(SpeakerModel model, CompletionEngine engine, EngineMeters meters) : IDisposable
{
    private const int Ahead = 16; // pieces of sound, a frame each mostly, that a listener may be behind

    private static readonly TimeSpan BusyFor = TimeSpan.FromMilliseconds(100);

    private readonly OneThread _codec = new("codec");

    public SpeakerModel Model => model;

    /// <summary>Takes a text on.</summary>
    /// <exception cref="ApiException">It cannot be spoken.</exception>
    public Utterance Begin(Speaking.SpeakRequest request)
    {
        var utterance = new Utterance();
        try { utterance.Speech = model.Voice.Speak(request, (task, cancel) => Write(task, utterance, cancel)); }
        catch (Models.ModelException error) { throw ApiException.Bad(error.Message, "input"); }
        return utterance;
    }

    /// <summary>The sound, as it comes; the frames that are there when nobody takes them wait, and the engine with them.</summary>
    /// <exception cref="EngineException">The engine cannot go on.</exception>
    public async IAsyncEnumerable<float[]> Speak(Utterance utterance, [EnumeratorCancellation] CancellationToken cancel)
    {
        var sound = Channel.CreateBounded<float[]>(Ahead);
        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var speaking = _codec.Run(async () =>
        {
            try
            {
                await foreach (var samples in utterance.Speech.WithCancellation(left.Token)) await sound.Writer.WriteAsync(samples, left.Token);
                sound.Writer.Complete();
            }
            catch (Exception error) { sound.Writer.Complete(error); } // it comes out where the sound is read
        });
        try
        {
            await foreach (var samples in sound.Reader.ReadAllAsync(cancel)) yield return samples;
        }
        finally
        {
            await left.CancelAsync();
            await speaking;
        }
    }

    /// <summary>Tokens of one piece of a text. Who has begun to speak does not stop in the middle because others come: a later piece waits for its place.</summary>
    private async IAsyncEnumerable<int> Write(LlamaTask task, Utterance utterance, [EnumeratorCancellation] CancellationToken cancel)
    {
        Generation? started;
        while ((started = engine.TryStart([task])) is null)
        {
            if (utterance.Read == 0) throw CompletionEndpoint.Busy();
            await Task.Delay(BusyFor, cancel);
        }
        using var generation = started;
        utterance.Read += task.Prompt.Count;
        meters.PromptTokens.Add(task.Prompt.Count);
        await foreach (var step in generation.Read(cancel))
        {
            utterance.Written++;
            meters.GenerationTokens.Add(1);
            yield return step.Token;
        }
    }

    public void Dispose() => _codec.Dispose();
}

/// <summary>A text on its way to sound, with what it has cost.</summary>
internal sealed class Utterance
{
    public Speaking.Speech Speech { get; set; } = null!;

    /// <summary>Tokens of prompts.</summary>
    public int Read { get; set; }

    /// <summary>Tokens of sound.</summary>
    public int Written { get; set; }
}
