using System.Runtime.CompilerServices;
using VoxMake.Models.Llama;

namespace VoxMake.Speaking.Tests;

/// <summary>A driver that writes what it is given, so that each fault is there for certain. The n-th task gets the n-th script, and the last one from then on.</summary>
internal sealed class Script(params IEnumerable<int>[] scripts)
{
    /// <summary>What it was asked.</summary>
    public List<LlamaTask> Tasks { get; } = [];

    /// <summary>Tokens that were read of it.</summary>
    public int Read { get; private set; }

    /// <summary>Whether it stops where the task says so; an engine may not.</summary>
    public bool Obeys { get; init; } = true;

    public async IAsyncEnumerable<int> Write(LlamaTask task, [EnumeratorCancellation] CancellationToken cancel)
    {
        Tasks.Add(task);
        var written = 0;
        foreach (var id in scripts[Math.Min(Tasks.Count, scripts.Length) - 1])
        {
            await Task.Yield();
            Read++;
            yield return id;
            if (Obeys && (task.StopIds.Contains(id) || ++written == task.MaxNewTokens)) yield break;
        }
    }

    /// <summary>Without end.</summary>
    public static IEnumerable<int> Forever(IEnumerable<int> ids)
    {
        while (true)
            foreach (var id in ids) yield return id;
    }
}
