using System.Buffers;
using System.Text.Json;
using VoxMake.Protocol;

namespace VoxMake.Tooling;

/// <summary>Where a tool's events go. Safe to call from all threads.</summary>
internal interface IReporter : IDisposable
{
    void Event(ToolEvent happened);
}

/// <summary>Counts items, for the last event and the exit code.</summary>
internal sealed class Tally
{
    private long _ok, _rejected, _failed;

    public void Count(ToolEvent happened)
    {
        if (happened is not ItemEvent item) return;
        ref var counter = ref _ok;
        if (item.Outcome == Outcome.Rejected) counter = ref _rejected;
        else if (item.Outcome == Outcome.Failed) counter = ref _failed;
        Interlocked.Increment(ref counter);
    }

    public FinishedEvent Finished => new(_ok, _rejected, _failed);
}

/// <summary>
/// JSON lines on standard output. <c>begin</c> is flushed at once, since the next thing may be a crash; the rest at the latest after 100 ms, so
/// that a million cheap items do not cost a million system calls.
/// </summary>
internal sealed class EventLines : IReporter
{
    private static readonly byte[] NewLine = "\n"u8.ToArray();
    private readonly Stream _out = Console.OpenStandardOutput();
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);
    private readonly Utf8JsonWriter _json;
    private readonly Timer _flusher;

    /// <summary>Called when nobody listens any more.</summary>
    public Action? Unheard { get; set; }

    public EventLines()
    {
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
        _flusher = new Timer(_ => Flush(), null, 100, 100);
    }

    public void Event(ToolEvent happened)
    {
        lock (_buffer)
        {
            JsonSerializer.Serialize(_json, happened, ProtocolJson.Default.ToolEvent);
            _json.Flush();
            _json.Reset();
            _buffer.Write(NewLine);
            if (happened is BeginEvent || _buffer.WrittenCount > 1 << 15) Flush();
        }
    }

    private void Flush()
    {
        lock (_buffer)
        {
            if (_buffer.WrittenCount == 0) return;
            try
            {
                _out.Write(_buffer.WrittenSpan);
                _out.Flush();
            }
            catch (IOException)
            {
                Unheard?.Invoke(); // the host is gone; a verb that keeps state still writes its checkpoint
            }
            _buffer.ResetWrittenCount();
        }
    }

    public void Dispose()
    {
        _flusher.Dispose();
        Flush();
    }
}
